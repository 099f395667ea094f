import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { EXPERIMENT } from "../lib/columns";
import { extremeColumns, type Statistic } from "../lib/compare-rows";
import { type Frame, textAt } from "../lib/frame";
import { artifactUrl, Changed, fetchRange } from "./artifacts";
import { call } from "./client";
import { useFolder } from "./files";
import type { DatasetInput, Files, RunColumns } from "./generated";

const KEPT_TAG = "tags.assay.environment_run";
/** Where a client keeps what a run was started from. */
const FOLDER = "assay/";
const ENVIRONMENT = `${FOLDER}environment.json`;
export const MOST_TEXT = 1_000_000;
/** Files that have a name and an ending. */
const NAMED = ".";

/** The run that keeps what a run was started from: itself, or one of the same process. */
export function keeperOf(frame: Frame, row: number): string {
  return textAt(frame, KEPT_TAG, row) || (frame.runIds[row] ?? "");
}

/** The least or greatest values of the metrics of runs, where these are wanted. */
export function useExtremes(frame: Frame, statistic: Statistic) {
  return useQuery({
    queryKey: ["columns", "extremes", frame.runIds, statistic],
    enabled: statistic !== "last",
    queryFn: ({ signal }): Promise<RunColumns> =>
      call(
        "viewRuns",
        {
          run_ids: frame.runIds,
          run_view_type: "ALL",
          max_results: frame.runIds.length,
          columns: extremeColumns(frame, statistic),
        },
        signal,
      ),
  });
}

/** What each run read, in the order of the frame. */
export function useInputs(frame: Frame) {
  const experimentIds = [...new Set(frame.runIds.map((_, row) => textAt(frame, EXPERIMENT, row)))];
  return useQuery({
    queryKey: ["columns", "inputs", frame.runIds],
    queryFn: async ({ signal }): Promise<DatasetInput[][]> => {
      const filter = `run_id IN (${frame.runIds.map((id) => `'${id}'`).join(", ")})`;
      const request = { experiment_ids: experimentIds, filter, run_view_type: "ALL", max_results: frame.runIds.length };
      const { runs = [] } = await call("searchRuns", request, signal);
      const known = new Map(runs.map((run) => [run.info.run_id, run.inputs?.dataset_inputs ?? []]));
      return frame.runIds.map((id) => known.get(id) ?? []);
    },
  });
}

/** The first megabyte of a run's text file; undefined where it has none of this path. */
async function readText(runId: string, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const url = artifactUrl({ kind: "run", id: runId }, path);
    return new TextDecoder().decode(await fetchRange(url, { start: 0, end: MOST_TEXT, etag: "", signal }));
  } catch (error) {
    if (error instanceof Changed && error.status === 404) return undefined;
    throw error;
  }
}

function textQuery(runId: string, path: string) {
  return {
    queryKey: ["compared-text", runId, path],
    queryFn: async ({ signal }: { signal: AbortSignal }) => (await readText(runId, path, signal)) ?? null,
  };
}

/** What is kept of the surroundings of each run, as a JSON text; undefined for runs that keep none. */
export function useSurroundings(frame: Frame): { texts: Array<string | undefined>; pending: boolean } {
  const owners = frame.runIds.map((_, row) => keeperOf(frame, row));
  const different = [...new Set(owners)];
  return useQueries({
    queries: different.map((id) => textQuery(id, ENVIRONMENT)),
    combine: (results) => {
      const known = new Map(different.map((id, at) => [id, results[at]?.data ?? undefined]));
      return { texts: owners.map((id) => known.get(id)), pending: results.some((result) => result.isPending) };
    },
  });
}

/** A run whose files are compared, and the one that keeps what it was started from. */
export interface FileOwner {
  id: string;
  keeper: string;
}

/** The files of a run with an ending, and those of its start. */
export function useComparedFolder({ id, keeper }: FileOwner) {
  const own = useFolder({ kind: "run", id }, "", NAMED);
  const kept = useFolder({ kind: "run", id: keeper }, "", NAMED);
  const data = useMemo(() => {
    if (!own.data || !kept.data) return undefined;
    const inside = (files: Files, start: boolean) =>
      files.names.flatMap((name, at) =>
        name.startsWith(FOLDER) === start ? [[name, files.sizes[at] ?? null] as const] : [],
      );
    const all = [...inside(own.data, false), ...inside(kept.data, true)];
    return { names: all.map(([name]) => name), sizes: all.map(([, size]) => size) };
  }, [own.data, kept.data]);
  return { data, error: own.error ?? kept.error, retry: () => void Promise.all([own.refetch(), kept.refetch()]) };
}

/** A text file of a run; null where the run has none of this path. */
export function useComparedText({ id, keeper }: FileOwner, path: string) {
  return useQuery(textQuery(path.startsWith(FOLDER) ? keeper : id, path));
}
