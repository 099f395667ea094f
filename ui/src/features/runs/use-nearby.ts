import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { call } from "../../api/client";
import type { Curve, RunFamily, RunGroup } from "../../api/generated";
import { type Change, onlyModels, useChanges } from "../../api/live";
import { keyOf, kindOf } from "../../lib/columns";
import { type Frame, join } from "../../lib/frame";
import { type Figures, type Group, type LeafGroup, nest } from "../../lib/groups";
import type { MainMetric } from "../../lib/metrics";
import { baseRequest, type TableRequest } from "./use-run-table";

type Request = Omit<TableRequest, "sort">;

const ALL_AT_ONCE = 50_000;
const MOST_GROUPED_METRICS = 200;
const SPARK_BUCKETS = 40;
const MOST_SPARKS = 500;
const SCROLL_PAUSE = 120;

/** Ask again for what belongs to the table when its runs change. */
function useReread(queryKey: unknown[], enabled: boolean): void {
  const client = useQueryClient();
  useChanges(async (change) => {
    if (enabled && !onlyModels(change)) await client.invalidateQueries({ queryKey }, { cancelRefetch: false });
  });
}

export interface Families {
  families: readonly RunFamily[];
  /** Ancestors of matching runs that do not match themselves. */
  ancestors: { run_ids: string[]; columns: Frame["columns"] };
}

const NO_FAMILIES: Families = { families: [], ancestors: { run_ids: [], columns: new Map() } };

/** How the runs of the table are nested; nothing until it is known, or while it is not wanted. */
export function useFamilies(request: Request, main: MainMetric | undefined, enabled: boolean): Families {
  const queryKey = ["table", request.experimentId, "families", request.stage, request.query, main ?? null];
  useReread(queryKey, enabled);
  const { data } = useQuery({
    queryKey,
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call(
        "viewFamilies",
        { ...baseRequest(request), metric: main?.key ?? null, ascending: main?.direction === "min" },
        signal,
      ),
  });
  return useMemo(() => {
    if (!data || !enabled) return NO_FAMILIES;
    const { run_ids, columns } = data.ancestors;
    return {
      families: data.families,
      ancestors: { run_ids, columns: new Map(Object.entries(columns)) },
    };
  }, [data, enabled]);
}

/** Groups of all runs that match; undefined while they are on their way. */
export function useGroups(request: Request, by: string[], columns: string[]) {
  const metrics = [...new Set(columns.filter((name) => kindOf(name) === "metrics").map(keyOf))];
  const enabled = by.length > 0;
  const queryKey = ["table", request.experimentId, "groups", request.stage, request.query, by, metrics];
  useReread(queryKey, enabled);
  const { data, error, refetch } = useQuery({
    queryKey,
    enabled,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (
        await call(
          "viewGroups",
          { ...baseRequest(request), by, metrics: metrics.slice(0, MOST_GROUPED_METRICS) },
          signal,
        )
      ).groups,
  });
  const groups = useMemo((): Group[] | undefined => {
    // Groups of an earlier choice stay on screen only while they are nested as deep.
    return enabled && data?.every((group) => group.values.length === by.length) ? nest(data.map(read)) : undefined;
  }, [data, enabled, by.length]);
  return { groups, failure: enabled && error ? { error, retry: () => void refetch() } : undefined };
}

/** A group as the server tells it, its figures as the numbers that they are. */
function read({ values, runs, metrics }: RunGroup): LeafGroup {
  const figures = Object.entries(metrics).map(([key, { count, mean, std, min, max }]): [string, Figures] => [
    key,
    { count, mean: Number(mean), std: std === null ? null : Number(std), min: Number(min), max: Number(max) },
  ]);
  return { values, runs, metrics: Object.fromEntries(figures) };
}

/** A frame with the least, greatest and first values of metrics that are shown, once they have come. */
export function useStatColumns(request: Request, frame: Frame, names: string[], whole: boolean): Frame {
  const wanted = names.filter((name) => /^metrics_(min|max|first)$/.test(kindOf(name)));
  const enabled = wanted.length > 0 && frame.runIds.length > 0;
  const extent = whole ? frame.runIds.length : frame.runIds;
  const queryKey = ["table", request.experimentId, "stats", request.stage, request.query, wanted, extent];
  useReread(queryKey, enabled);
  const { data } = useQuery({
    queryKey,
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const some = whole ? {} : { run_ids: frame.runIds };
      return call("viewRuns", { ...baseRequest(request), ...some, columns: wanted, max_results: ALL_AT_ONCE }, signal);
    },
  });
  return useMemo(() => (enabled && data ? join(frame, data) : frame), [enabled, data, frame]);
}

/** Small curves of the rows in view, by run and metric. Rows that were in view before are not asked for again. */
export function useSparks(runIds: string[], names: string[]): ReadonlyMap<string, Curve> {
  const metrics = names.filter((name) => kindOf(name) === "curves").map(keyOf);
  const known = useRef(new Map<string, Curve | undefined>());
  const [sparks, setSparks] = useState<ReadonlyMap<string, Curve>>(new Map());
  const [round, setRound] = useState(0);
  const wanted = JSON.stringify([runIds, metrics]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for the lists, `round` for changes
  useEffect(() => {
    const missing = runIds.filter((id) => metrics.some((key) => !known.current.has(sparkKey(id, key))));
    if (metrics.length === 0 || missing.length === 0) return undefined;
    const control = new AbortController();
    const timer = setTimeout(async () => {
      const asked = missing.slice(0, MOST_SPARKS);
      const request = { run_ids: asked, keys: metrics, buckets: SPARK_BUCKETS };
      const answer = await call("viewCurves", request, control.signal).catch(() => undefined);
      if (!answer) return;
      for (const id of asked) for (const key of metrics) known.current.set(sparkKey(id, key), undefined);
      for (const curve of answer.curves) known.current.set(sparkKey(curve.run_id, curve.key), curve);
      setSparks(new Map([...known.current].flatMap(([key, curve]) => (curve ? [[key, curve] as const] : []))));
    }, SCROLL_PAUSE);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [wanted, round]);
  useChanges(async (change: Change) => {
    if (onlyModels(change) || known.current.size === 0) return;
    const touched = new Set(change.runs);
    for (const key of known.current.keys()) {
      if (touched.size === 0 || touched.has(key.slice(0, key.indexOf(" ")))) known.current.delete(key);
    }
    setRound((number) => number + 1);
  });
  return sparks;
}

export function sparkKey(runId: string, metric: string): string {
  return `${runId} ${metric}`;
}
