import "../styles/split.css";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { touchesExperiment, useChanges } from "../api/live";
import { foundQuery, runsOfTable } from "../api/metrics";
import { reread, useExperiment, useWrite } from "../api/queries";
import { May } from "../components/access";
import { InBar } from "../components/bar-slot";
import { Icon } from "../components/icons";
import { later } from "../components/later";
import { useQueryText } from "../components/parameters";
import { SkeletonRows } from "../components/states";
import { attempt } from "../components/toast";
import RunTablePage from "../features/runs/table-page";
import { ViewsMenu } from "../features/views/menu";
import { parseTable } from "../lib/url-state";

const ExperimentCharts = later(() => import("../features/curves/experiment-charts"), <SkeletonRows rows={12} />);

/** The runs of an experiment as a table, as charts, or as both, and its saved views in the bar on top. */
export default function ExperimentRoute({ experimentId = "" }: { experimentId?: string }) {
  const view = new URLSearchParams(useQueryText()).get("view");
  useAhead(experimentId, view === "charts" || view === "split");
  return (
    <>
      <InBar>
        <ViewsMenu experimentId={experimentId} />
      </InBar>
      <TrashNotice experimentId={experimentId} />
      {view === "split" ? (
        <div className="split">
          <div className="page">
            <RunTablePage experimentId={experimentId} />
          </div>
          <ExperimentCharts experimentId={experimentId} beside />
        </div>
      ) : view === "charts" ? (
        <ExperimentCharts experimentId={experimentId} />
      ) : (
        <RunTablePage experimentId={experimentId} />
      )}
    </>
  );
}

/** Says that the experiment is deleted, which else looks as if it had no runs. */
function TrashNotice({ experimentId }: { experimentId: string }) {
  const client = useQueryClient();
  const { data } = useExperiment(experimentId);
  const restore = useWrite("restoreExperiment", ["experiment", "table"]);
  useChanges(async (change) => touchesExperiment(change, experimentId) && reread(client, ["experiment", experimentId]));
  if (data?.lifecycle_stage !== "deleted") return null;
  const bring = () => restore.mutateAsync({ experiment_id: experimentId });
  return (
    <div className="notice" role="status">
      <Icon name="trash" />
      <span>This experiment is in the trash, its runs with it, until the trash is emptied.</span>
      <May level="MANAGE">
        <button type="button" className="button" onClick={() => void attempt("The experiment was not restored", bring)}>
          <Icon name="reset" />
          Restore
        </button>
      </May>
    </div>
  );
}

/** Ask for the runs whose curves are drawn beside the code that draws them. */
function useAhead(experimentId: string, charts: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (charts) void client.prefetchQuery(foundQuery(runsOfTable(experimentId, parseTable(location.search).state)));
  }, [client, experimentId, charts]);
}
