import { call } from "../api/client";
import { later } from "../components/later";
import { frozenSvg } from "../features/curves/frozen-svg";
import { type FrozenChart, freezeChart } from "../features/curves/runs-chart";
import { ReportPage } from "../features/reports/report-page";
import type { ChartTools } from "../features/reports/tools";
import { type ChartState, parseChart } from "../lib/chart-state";
import { type ChartSpec, parseSpec } from "../lib/report";

const RunsChart = later(
  async () => ({ default: (await import("../features/curves/runs-chart")).RunsChart }),
  <div className="skeleton runs-chart-skeleton" />,
);
/** So many of the newest runs tell which metrics there are. */
const RUNS_LOOKED_AT = 20;

/** One report, with the charts of the features lent to it. */
export default function ReportRoute({ reportId = "" }: { reportId?: string }) {
  return <ReportPage reportId={reportId} tools={TOOLS} />;
}

const TOOLS: ChartTools = {
  draw: (spec, kept) => (
    <RunsChart metric={spec.metric} runs={wantedRuns(spec)} frozen={frozenOf(kept)} {...looksOf(spec)} />
  ),
  freeze: async (body, experimentId) => {
    const spec = parseSpec(body, experimentId);
    return freezeChart(spec.metric, await foundIds(spec), looksOf(spec).axis);
  },
  svg: async (spec, kept) => {
    const frozen = frozenOf(kept);
    if (!frozen || frozen.curves.length === 0) return "<p>There is nothing to draw.</p>";
    return frozenSvg({ metric: spec.metric, frozen, ...looksOf(spec) });
  },
  metrics: async (experimentId) => {
    const newest = { experiment_ids: [experimentId], max_results: RUNS_LOOKED_AT, columns: [] };
    const { run_ids: runIds } = await call("viewRuns", newest);
    if (runIds.length === 0) return [];
    return (await call("viewMetrics", { run_ids: runIds })).metrics.map((one) => one.key);
  },
};

type Looks = Pick<ChartState, "axis" | "log" | "logX" | "smoothing" | "zoom" | "clip" | "spread" | "ranges" | "group">;

function looksOf({ looks }: ChartSpec): Looks {
  const { axis, log, logX, smoothing, zoom, clip, spread, ranges, group } = parseChart(looks).state;
  return { axis, log, logX, smoothing, zoom, clip, spread, ranges, group };
}

function wantedRuns({ runs, experiments, filter, order, most }: ChartSpec) {
  return runs.length > 0 ? runs : { experimentIds: experiments, filter, order, stage: "ACTIVE_ONLY" as const, most };
}

async function foundIds({ runs, experiments, filter, order, most }: ChartSpec): Promise<string[]> {
  if (runs.length > 0) return runs;
  const asked = { experiment_ids: experiments, filter: filter || null, order_by: order, max_results: most };
  return (await call("viewRuns", { ...asked, columns: [] })).run_ids;
}

/** Kept data, if it is any: reports are written by clients, too. */
function frozenOf(kept: unknown): FrozenChart | undefined {
  if (kept === undefined) return undefined;
  const { runs, curves } = (kept ?? {}) as Partial<FrozenChart>;
  if (!Array.isArray(curves) || !Array.isArray(runs?.run_ids) || typeof runs.columns !== "object") {
    throw new Error("What was kept of this chart does not read. Make it live, then freeze it again.");
  }
  return { runs, curves };
}
