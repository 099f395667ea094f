import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Run } from "../api/generated";
import { metricsQuery } from "../api/metrics";
import { curvesQuery, runQuery, summaryCurves } from "../api/queries";
import { later } from "../components/later";
import { useQueryText } from "../components/parameters";
import { PAGE_TO_COME, SkeletonRows } from "../components/states";
import { chosenColor, ownHue } from "../lib/colors";
import { calledBy } from "../lib/columns";
import { isSystemMetric } from "../lib/metrics";

const ROWS = <SkeletonRows rows={8} />;
const RunPage = later(() => import("../features/run/page"), PAGE_TO_COME);
const CurveBoard = later(() => import("../features/curves/board"), ROWS);
const MediaBoard = later(() => import("../features/media/board"), ROWS);
const ArtifactBrowser = later(() => import("../features/artifacts/browser"), ROWS);
const RunModels = later(() => import("../features/models/run-models"));
const RunRegister = later(() => import("../features/models/run-register"));

/** The run page, put together from the features it shows. */
export default function RunRoute({ runId = "" }: { runId?: string }) {
  useAhead(runId);
  return (
    <RunPage
      runId={runId}
      charts={(run) => <RunCharts run={run} matching={isOwnMetric} />}
      system={(run) => <RunCharts run={run} matching={isSystemMetric} />}
      files={({ info }) => <ArtifactBrowser owner={{ kind: "run", id: info.run_id }} />}
      media={(run) => <RunMedia run={run} />}
      models={(run) => <RunModels run={run} />}
      register={(run) => <RunRegister run={run} />}
    />
  );
}

/** Ask for what the page begins with at once: the code of the tab, and the data that it will want, beside the run. */
function useAhead(runId: string): void {
  const client = useQueryClient();
  const tab = new URLSearchParams(useQueryText()).get("tab") ?? "overview";
  useEffect(() => {
    void client.prefetchQuery(runQuery(runId));
    if (tab === "charts" || tab === "system") {
      void CurveBoard.load();
      void client.prefetchQuery(metricsQuery([runId]));
    } else if (tab === "overview") {
      void import("../features/run/overview");
      void client.prefetchQuery(curvesQuery(summaryCurves(runId)));
    }
  }, [client, runId, tab]);
}

const isOwnMetric = (key: string) => !isSystemMetric(key);

function RunCharts({ run: { info, data }, matching }: { run: Run; matching: (key: string) => boolean }) {
  const name = calledBy(info.run_name, info.run_id);
  const chosen = chosenColor(data.tags);
  const drawn = useMemo(
    () => [{ id: info.run_id, name, hue: ownHue(info.run_id, chosen), start: info.start_time }],
    [info.run_id, name, chosen, info.start_time],
  );
  return <CurveBoard runs={drawn} matching={matching} />;
}

function RunMedia({ run: { info } }: { run: Run }) {
  const { run_id: id, run_name: name } = info;
  const runs = useMemo(() => [{ id, name: name || id, hue: ownHue(id) }], [id, name]);
  return <MediaBoard runs={runs} />;
}
