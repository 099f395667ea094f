import {
  keepPreviousData,
  QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { ApiError, call } from "./client";
import type { Curve, ExperimentPage, Operations, RunColumns, RunInfo, RunPage } from "./generated";
import { type Change, touchesRun, useChanges } from "./live";

const FRESH = 30_000;
const MOST_RETRIES = 2;

/** The cache of everything read from the server. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < MOST_RETRIES && isPassing(error),
      retryDelay: (attempt) => 300 * 2 ** attempt,
    },
  },
});

function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

/** Read again what is on screen; a read that is under way is let finish first, since it may be older than the change. */
export async function reread(client: QueryClient, queryKey: unknown[]): Promise<void> {
  const underWay = client.isFetching({ queryKey }) > 0;
  await client.invalidateQueries({ queryKey }, { cancelRefetch: false });
  if (underWay) await client.invalidateQueries({ queryKey }, { cancelRefetch: false });
}

/** One experiment with its tags. */
export function useExperiment(experimentId: string | undefined) {
  return useExperimentPage(experimentId, experimentOf);
}

const experimentOf = ({ experiment }: ExperimentPage) => experiment;

/** A part of what stands at the head of an experiment's pages; it is asked for once. */
export function useExperimentPage<Part>(experimentId: string | undefined, select: (page: ExperimentPage) => Part) {
  return useQuery({
    queryKey: ["experiment", experimentId],
    enabled: experimentId !== undefined,
    queryFn: ({ signal }) => call("viewExperiment", { experiment_id: experimentId ?? "" }, signal),
    select,
  });
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => call("viewRun", { run_id: runId }, signal),
  });
}

/** One run with what it recorded, kept up to date. */
export function useRun(runId: string) {
  const client = useQueryClient();
  useChanges(async (change) => touchesRun(change, runId) && reread(client, ["run", runId]));
  return useQuery({ ...runQuery(runId), select: runOf });
}

const runOf = ({ run }: RunPage) => run;
const permissionOf = ({ permission }: { permission?: string }) => permission ?? "";

/** What the reader may do with a run; undefined until the server has said so. */
export function useRunPermission(runId: string): string | undefined {
  return useQuery({ ...runQuery(runId), select: permissionOf }).data;
}

/** What the reader may do with an experiment; undefined until the server has said so. */
export function usePermission(experimentId: string | undefined): string | undefined {
  return useExperimentPage(experimentId, permissionOf).data;
}

/** Runs named by id, of any experiment, as columns; kept up to date. */
export function useRunColumns(runIds: string[]) {
  const client = useQueryClient();
  useChanges(async (change) => runIds.some((id) => touchesRun(change, id)) && reread(client, ["columns"]));
  return useQuery({
    queryKey: ["columns", runIds],
    enabled: runIds.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<RunColumns> =>
      call(
        "viewRuns",
        { experiment_ids: [], run_ids: runIds, run_view_type: "ALL", max_results: runIds.length },
        signal,
      ),
  });
}

/** The tag of a nested run that names its parent. */
export const PARENT_TAG = "mlflow.parentRunId";

const MOST_CHILDREN = 40;

/** The newest runs nested in a run, as columns, and how many there are; kept up to date. */
export function useChildRuns({ run_id: runId, experiment_id: experimentId, status }: RunInfo) {
  const client = useQueryClient();
  const queryKey = ["children", runId];
  const result = useQuery({
    queryKey,
    queryFn: ({ signal }): Promise<RunColumns> =>
      call(
        "viewRuns",
        {
          experiment_ids: [experimentId],
          filter: `tags.${PARENT_TAG} = '${runId}'`,
          max_results: MOST_CHILDREN,
        },
        signal,
      ),
  });
  // Only a run that goes on gets new children.
  const concerns = (change: Change) =>
    status === "RUNNING" || (result.data?.run_ids ?? []).some((id) => touchesRun(change, id));
  useChanges(async (change) => concerns(change) && reread(client, queryKey));
  return result;
}

export interface CurveRequest {
  runIds: string[];
  /** Metrics asked for; all where empty. */
  keys: string[];
  buckets: number;
  /** First and last step, both included. */
  steps?: [number, number] | undefined;
  /** Whether the curves of a run are to share their steps. */
  joined?: boolean;
  /** Whether the times of points are needed. */
  times?: boolean;
  /** Significant digits of values; all where undefined. */
  digits?: number | undefined;
  enabled?: boolean;
}

const SUMMARY_BUCKETS = 40;

/** All curves of a run, as coarse as its overview shows them. */
export function summaryCurves(runId: string): CurveRequest {
  return { runIds: [runId], keys: [], buckets: SUMMARY_BUCKETS };
}

async function readCurves(request: CurveRequest, signal?: AbortSignal): Promise<Curve[]> {
  const { runIds, keys, buckets, steps, joined = false, times = true, digits } = request;
  const bounds = steps ? { start_step: steps[0], end_step: steps[1] } : {};
  const asked = { run_ids: runIds, keys, buckets, joined, times, digits, ...bounds };
  return (await call("viewCurves", asked, signal)).curves;
}

export function curvesQuery(request: CurveRequest) {
  const { runIds, keys, buckets, steps, joined = false, times = true, digits } = request;
  return queryOptions({
    queryKey: ["curves", runIds, keys, buckets, steps ?? null, joined, times, digits ?? null],
    queryFn: ({ signal }) => readCurves(request, signal),
  });
}

/** Curves of some runs, kept up to date: where few of the runs change, only theirs are read again. */
export function useCurves(request: CurveRequest) {
  const { runIds, enabled = true } = request;
  const client = useQueryClient();
  const query = curvesQuery(request);
  const { queryKey } = query;
  useChanges(async (change) => {
    const touched = enabled ? runIds.filter((id) => touchesRun(change, id)) : [];
    if (touched.length === 0) return;
    const isKnown = client.getQueryState(queryKey)?.status === "success" && client.isFetching({ queryKey }) === 0;
    if (!isKnown || 2 * touched.length > runIds.length) return reread(client, queryKey);
    const fresh = await readCurves({ ...request, runIds: touched });
    client.setQueryData(queryKey, (known) => known && replaceCurves(known, fresh, new Set(touched)));
  });
  return useQuery({ ...query, enabled: enabled && runIds.length > 0, placeholderData: keepPreviousData });
}

function replaceCurves(known: Curve[], fresh: Curve[], touched: ReadonlySet<string>): Curve[] {
  return [...known.filter((curve) => !touched.has(curve.run_id)), ...fresh];
}

type Kind = "experiments" | "experiment" | "run" | "columns" | "table" | "note-history" | "tokens";

/** A change on the server; afterwards what was read of the given kinds is read again. */
export function useWrite<Name extends keyof Operations>(name: Name, touched: Kind[]) {
  const client = useQueryClient();
  return useMutation<Operations[Name]["response"], Error, Operations[Name]["request"]>({
    mutationFn: (request) => call(name, request),
    onSuccess: () => Promise.all(touched.map((kind) => client.invalidateQueries({ queryKey: [kind] }))),
  });
}
