import type { Owner } from "../api/artifacts";
import type { ModelVersion } from "../api/generated";
import { later } from "../components/later";
import { Empty, SkeletonRows } from "../components/states";
import { VersionPage } from "../features/models/version-page";

const ArtifactBrowser = later(() => import("../features/artifacts/browser"), <SkeletonRows rows={8} />);

/** The page of a version, put together from the features it shows. */
export default function VersionRoute() {
  return <VersionPage files={(version) => <VersionFiles version={version} />} />;
}

function VersionFiles({ version }: { version: ModelVersion }) {
  const owner = ownerOf(version);
  if (!owner) {
    return (
      <Empty title="The files are elsewhere" icon="folder">
        <p className="state-message mono">{version.source}</p>
      </Empty>
    );
  }
  return <ArtifactBrowser owner={owner} />;
}

/** Files of a logged model are its own; those of an older version are among its run's. */
function ownerOf({ model_id: modelId, run_id: runId }: ModelVersion): Owner | undefined {
  if (modelId) return { kind: "model", id: modelId };
  return runId ? { kind: "run", id: runId } : undefined;
}
