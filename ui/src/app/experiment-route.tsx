import "../styles/split.css";
import { lazy, Suspense } from "react";
import { InBar } from "../components/bar-slot";
import { useQueryText } from "../components/parameters";
import { SkeletonRows } from "../components/states";
import RunTablePage from "../features/runs/table-page";
import { ViewsMenu } from "../features/views/menu";

const ExperimentCharts = lazy(() => import("../features/curves/experiment-charts"));

/** The runs of an experiment as a table, as charts, or as both, and its saved views in the bar on top. */
export default function ExperimentRoute({ experimentId = "" }: { experimentId?: string }) {
  const view = new URLSearchParams(useQueryText()).get("view");
  return (
    <>
      <InBar>
        <ViewsMenu experimentId={experimentId} />
      </InBar>
      {view === "split" ? (
        <div className="split">
          <div className="page">
            <RunTablePage experimentId={experimentId} />
          </div>
          <Charts experimentId={experimentId} beside />
        </div>
      ) : view === "charts" ? (
        <Charts experimentId={experimentId} />
      ) : (
        <RunTablePage experimentId={experimentId} />
      )}
    </>
  );
}

function Charts({ experimentId, beside = false }: { experimentId: string; beside?: boolean }) {
  return (
    <Suspense fallback={<SkeletonRows rows={12} />}>
      <ExperimentCharts experimentId={experimentId} beside={beside} />
    </Suspense>
  );
}
