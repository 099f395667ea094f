import { InBar } from "../components/bar-slot";
import RunTablePage from "../features/runs/table-page";
import { ViewsMenu } from "../features/views/menu";

/** The runs of an experiment, and its saved views in the bar on top. */
export default function ExperimentRoute({ experimentId = "" }: { experimentId?: string }) {
  return (
    <>
      <InBar>
        <ViewsMenu experimentId={experimentId} />
      </InBar>
      <RunTablePage experimentId={experimentId} />
    </>
  );
}
