import { lazy, Suspense } from "react";
import type { LoggedModel } from "../api/generated";
import { SkeletonRows } from "../components/states";
import { LoggedModelPage } from "../features/models/logged-model-page";

const ArtifactBrowser = lazy(() => import("../features/artifacts/browser"));

/** The page of a logged model, put together from the features it shows. */
export default function LoggedModelRoute() {
  return <LoggedModelPage files={(model) => <ModelFiles model={model} />} />;
}

function ModelFiles({ model: { info } }: { model: LoggedModel }) {
  return (
    <Suspense fallback={<SkeletonRows rows={8} />}>
      <ArtifactBrowser owner={{ kind: "model", id: info.model_id }} />
    </Suspense>
  );
}
