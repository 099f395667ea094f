import { useId, useMemo, useState } from "react";
import { call } from "../../api/client";
import { type RunQuery, useFoundRuns, useMetrics } from "../../api/metrics";
import { useRunColumns } from "../../api/queries";
import { Empty, Failure } from "../../components/states";
import { panelOf } from "../../lib/board-layout";
import type { ChartState } from "../../lib/chart-state";
import { axisMetric, type RawCurve } from "../../lib/curves";
import { FormulaError, metricsOf, parseFormula } from "../../lib/formula";
import { append, EMPTY_FRAME, type Frame, type Page } from "../../lib/frame";
import { CurveCard, type Shared } from "./card";
import { drawnGroups, drawnRuns } from "./runs";
import type { Drawing } from "./use-chart";

/** The data of a chart at one time: plain JSON, to be kept in a report or a file. */
export interface FrozenChart {
  /** The runs with what they recorded, as columns. */
  runs: Page;
  curves: RawCurve[];
}

export interface RunsChartProps extends Partial<Pick<ChartState, keyof Drawing | "group">> {
  /** A metric's key, or a formula over metrics behind `f:`. */
  metric: string;
  /** The runs drawn, by id; or those that a search finds, now and later. */
  runs: string[] | RunQuery;
  /** Data to draw instead of what is on the server now; nothing is asked then. */
  frozen?: FrozenChart | undefined;
}

export const PLAIN: Drawing = {
  axis: "step",
  log: false,
  logX: false,
  smoothing: 0,
  zoom: undefined,
  clip: false,
  spread: "std",
  ranges: {},
};
const NO_IDS: string[] = [];
const UNGROUPED: string[] = [];
const FROZEN_BUCKETS = 600;

/** One chart of runs by itself, for reports and for pages of others: live, or frozen. */
export function RunsChart({ metric, runs: wanted, frozen, group = UNGROUPED, ...looks }: RunsChartProps) {
  const ids = Array.isArray(wanted) && !frozen ? wanted : NO_IDS;
  const named = useRunColumns(ids);
  const found = useFoundRuns(Array.isArray(wanted) || frozen ? undefined : wanted);
  const read = Array.isArray(wanted) ? named : found;
  const page = frozen?.runs ?? read.data;
  const frame = useMemo(() => (page ? append(EMPTY_FRAME, page) : EMPTY_FRAME), [page]);
  const shared = useShared(frame, { frozen, group, looks, metric });
  if (read.error && !page) {
    return <Failure small title="The runs could not be read" error={read.error} retry={() => void read.refetch()} />;
  }
  if (page && shared.runs.length === 0) return <Empty small title="No run to draw" icon="search" />;
  if (!page) return <div className="skeleton runs-chart-skeleton" />;
  return <CurveCard panel={panelOf(metric)} size="large" acts={{}} {...shared} />;
}

interface Wanted {
  frozen: FrozenChart | undefined;
  group: string[];
  looks: Partial<Drawing>;
  metric: string;
}

function useShared(frame: Frame, { frozen, group, looks, metric }: Wanted): Shared {
  const syncKey = useId();
  const runs = useMemo(() => drawnRuns(frame), [frame]);
  const runIds = useMemo(() => runs.map((run) => run.id), [runs]);
  const { data } = useMetrics(runIds, !frozen && panelOf(metric).formula !== undefined);
  const known = useMemo(
    () => [...new Set([...(data ?? []), ...(frozen?.curves ?? [])].map((one) => one.key))],
    [data, frozen],
  );
  const by = group.join("\n");
  const groups = useMemo(() => drawnGroups(runs, frame, by === "" ? [] : by.split("\n")), [runs, frame, by]);
  const [zoom, onZoom] = useState(looks.zoom);
  const text = JSON.stringify(looks);
  const drawing = useMemo((): Drawing => ({ ...PLAIN, ...(JSON.parse(text) as Partial<Drawing>), zoom }), [text, zoom]);
  return { runs, groups, known, drawing, syncKey, onZoom, frozen: frozen?.curves };
}

/** The data that a chart shows now, thinned as it is drawn, to be kept and drawn again as `frozen`. */
export async function freezeChart(
  metric: string,
  runIds: string[],
  axis: Drawing["axis"] = "step",
): Promise<FrozenChart> {
  const { run_ids, columns } = await call("viewRuns", {
    experiment_ids: [],
    run_ids: runIds,
    run_view_type: "ALL",
    max_results: runIds.length,
  });
  const across = axisMetric(axis);
  const keys = [...new Set([...(await metricsUnder(metric, runIds)), ...(across === undefined ? [] : [across])])];
  const { curves } = await call("viewCurves", {
    run_ids: runIds,
    keys,
    buckets: FROZEN_BUCKETS,
    joined: keys.length > 1,
  });
  return { runs: { run_ids, columns }, curves };
}

async function metricsUnder(metric: string, runIds: string[]): Promise<string[]> {
  const { formula } = panelOf(metric);
  if (formula === undefined) return [metric];
  const { metrics } = await call("viewMetrics", { run_ids: runIds });
  try {
    return metricsOf(
      parseFormula(
        formula,
        metrics.map((one) => one.key),
      ),
    );
  } catch (error) {
    // Drawn as it stands, a formula that does not read shows why.
    if (error instanceof FormulaError) return [];
    throw error;
  }
}
