import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { searchName } from "../lib/columns";
import type { TableState } from "../lib/url-state";
import { call } from "./client";
import type { Band, Curve, Metric, RunColumns } from "./generated";
import { touchesExperiment, touchesRun, useChanges } from "./live";
import { reread } from "./queries";

/** The most runs whose curves can be asked for at once. */
export const MOST_RUNS = 500;

export function metricsQuery(runIds: string[]) {
  return queryOptions({
    queryKey: ["metrics", runIds],
    queryFn: async ({ signal }) => (await call("viewMetrics", { run_ids: runIds }, signal)).metrics,
  });
}

/** The metrics that any of some runs has, without their points; kept up to date. */
export function useMetrics(runIds: string[], enabled = true) {
  const client = useQueryClient();
  const query = metricsQuery(runIds);
  useChanges(
    async (change) => enabled && runIds.some((id) => touchesRun(change, id)) && reread(client, query.queryKey),
  );
  return useQuery({ ...query, enabled: enabled && runIds.length > 0, placeholderData: keepPreviousData });
}

export interface BandRequest {
  runIds: string[];
  /** The number of the group of each run. */
  groups: number[];
  metric: string;
  buckets: number;
  steps?: [number, number] | undefined;
  enabled: boolean;
}

/** One metric of groups of runs, summed up by step; kept up to date. */
export function useBands({ runIds, groups, metric, buckets, steps, enabled }: BandRequest) {
  const client = useQueryClient();
  const queryKey = ["bands", runIds, groups, metric, buckets, steps ?? null];
  useChanges(async (change) => enabled && runIds.some((id) => touchesRun(change, id)) && reread(client, queryKey));
  return useQuery({
    queryKey,
    enabled: enabled && runIds.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Band[]> => {
      const bounds = steps ? { start_step: steps[0], end_step: steps[1] } : {};
      return (await call("viewBands", { run_ids: runIds, groups, key: metric, buckets, ...bounds }, signal)).bands;
    },
  });
}

export interface RunQuery {
  experimentIds: string[];
  filter: string;
  /** `attributes.start_time DESC` and so on, as in a search. */
  order: string[];
  stage: "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";
  most: number;
}

const STAGES = { active: "ACTIVE_ONLY", deleted: "DELETED_ONLY", all: "ALL" } as const;

/** The runs that an experiment's table shows, as many as can be drawn. */
export function runsOfTable(experimentId: string, { query, stage, sort }: TableState): RunQuery {
  const order = sort
    .filter((key) => !key.column.startsWith("attributes.duration"))
    .map((key) => `${searchName(key.column)} ${key.descending ? "DESC" : "ASC"}`);
  return { experimentIds: [experimentId], filter: query, order, stage: STAGES[stage], most: MOST_RUNS };
}

export function foundQuery(query: RunQuery | undefined) {
  return queryOptions({
    queryKey: ["found", query ?? null],
    queryFn: ({ signal }): Promise<RunColumns> => {
      const { experimentIds, filter, order, stage, most } = query!;
      const asked = { experiment_ids: experimentIds, order_by: order, run_view_type: stage, max_results: most };
      return call("viewRuns", { ...asked, filter: filter || null }, signal);
    },
  });
}

/** The runs that a search finds, as columns; kept up to date. */
export function useFoundRuns(query: RunQuery | undefined) {
  const client = useQueryClient();
  const options = foundQuery(query);
  useChanges(
    async (change) =>
      query?.experimentIds.some((id) => touchesExperiment(change, id)) && reread(client, options.queryKey),
  );
  return useQuery({ ...options, enabled: query !== undefined, placeholderData: keepPreviousData });
}

const MOST_POINTS_AT_ONCE = 10_000;
const RUNS_AT_ONCE = 50;
const PAGE = 25_000;

/** Every stored point of some metrics of some runs, with all digits. */
export async function readEveryPoint(runIds: string[], keys: string[], signal?: AbortSignal): Promise<Curve[]> {
  const curves: Curve[] = [];
  for (let start = 0; start < runIds.length; start += RUNS_AT_ONCE) {
    const asked = { run_ids: runIds.slice(start, start + RUNS_AT_ONCE), keys, buckets: MOST_POINTS_AT_ONCE / 2 };
    curves.push(...(await call("viewCurves", asked, signal)).curves);
  }
  const whole: Curve[] = [];
  for (const curve of curves) whole.push(curve.count > curve.steps.length ? await readLong(curve, signal) : curve);
  return whole;
}

async function readLong(curve: Curve, signal?: AbortSignal): Promise<Curve> {
  const points: Metric[] = [];
  let token: string | undefined;
  do {
    const asked = { run_id: curve.run_id, metric_key: curve.key, max_results: PAGE, page_token: token };
    const page = await call("getMetricHistory", asked, signal);
    points.push(...(page.metrics ?? []));
    token = page.next_page_token || undefined;
  } while (token);
  points.sort((left, right) => (left.step ?? 0) - (right.step ?? 0));
  return {
    ...curve,
    count: points.length,
    steps: points.map((point) => point.step ?? 0),
    timestamps: points.map((point) => point.timestamp),
    values: points.map((point) => point.value),
  };
}
