import type { LoggedModel } from "../api/generated";
import { later } from "../components/later";
import { SkeletonRows } from "../components/states";
import { LoggedModelPage } from "../features/models/logged-model-page";

const ArtifactBrowser = later(() => import("../features/artifacts/browser"), <SkeletonRows rows={8} />);

/** The page of a logged model, put together from the features it shows. */
export default function LoggedModelRoute() {
  return <LoggedModelPage files={(model) => <ModelFiles model={model} />} />;
}

function ModelFiles({ model: { info } }: { model: LoggedModel }) {
  return <ArtifactBrowser owner={{ kind: "model", id: info.model_id }} />;
}
