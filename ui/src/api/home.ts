import { keepPreviousData, type QueryClient, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, inParts } from "./client";
import type { BestRun, ExperimentActivity, ExperimentSummary } from "./generated";
import { type Change, isAnything, onlyModels, useChanges } from "./live";
import { reread } from "./queries";

const FEW = 500;
const MOST_NAMED = 100;
const WHOLE_AGAIN_AFTER = 15_000;

/** What runs, finished and failed across experiments, kept up to date. */
export function useHome(runs: number) {
  const client = useQueryClient();
  useChanges(async (change) => !onlyModels(change) && reread(client, ["home"]));
  return useQuery({
    queryKey: ["home", runs],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call("viewHome", { max_results: runs }, signal),
  });
}

const EXPERIMENTS = ["experiments"];

/** All active experiments with their counts, kept up to date: of thousands, only those that changed are read again. */
export function useExperiments() {
  const client = useQueryClient();
  useChanges(async (change) => !onlyModels(change) && rereadExperiments(client, change));
  return useQuery({
    queryKey: EXPERIMENTS,
    queryFn: async ({ signal }) => (await call("viewExperiments", {}, signal)).experiments,
  });
}

async function rereadExperiments(client: QueryClient, change: Change): Promise<void> {
  const known = client.getQueryData<ExperimentSummary[]>(EXPERIMENTS) ?? [];
  const age = Date.now() - (client.getQueryState(EXPERIMENTS)?.dataUpdatedAt ?? 0);
  const running = change.runs.length > 0 ? known.filter((one) => one.running > 0).map((one) => one.experiment_id) : [];
  const named = [...new Set([...change.experiments, ...running])];
  const whole = isAnything(change) || named.length > MOST_NAMED || age > WHOLE_AGAIN_AFTER;
  if (known.length <= FEW || whole) return reread(client, EXPERIMENTS);
  if (named.length === 0) return undefined;
  const { experiments } = await call("viewExperiments", { experiment_ids: named });
  const gone = new Set(named);
  client.setQueryData<ExperimentSummary[]>(
    EXPERIMENTS,
    (present = []) => [...experiments, ...present.filter((one) => !gone.has(one.experiment_id))],
    // The rest is as old as it was.
    { updatedAt: Date.now() - age },
  );
  return undefined;
}

/** How many rows of a list make one piece of what is asked for. */
export const PIECE = 50;

/** The best runs of experiments by id, asked for in pieces that stay the same while a list is scrolled. */
export function useBest(pieces: string[][]): Pieces<BestRun> {
  const client = useQueryClient();
  useChanges(async (change) => !onlyModels(change) && reread(client, ["best"]));
  return usePieces(pieces, (ids) => ({
    queryKey: ["best", ids],
    queryFn: async ({ signal }) => (await call("viewBest", { experiment_ids: ids }, signal)).best,
  }));
}

/** How busy experiments are since a time, and with whom, by id; asked for in pieces, too. */
export function useActivity(pieces: string[][], since: number): Pieces<ExperimentActivity> {
  const client = useQueryClient();
  // A run that starts touches its experiment; what runs log does not.
  const concerns = (change: Change) => isAnything(change) || change.experiments.length > 0;
  useChanges(async (change) => concerns(change) && reread(client, ["activity"]));
  return usePieces(pieces, (ids) => ({
    queryKey: ["activity", since, ids],
    queryFn: async ({ signal }) => (await call("viewActivity", { experiment_ids: ids, since }, signal)).activity,
  }));
}

/** What was read of experiments. */
interface Pieces<Part> {
  of: (experimentId: string) => Part | undefined;
  /** Whether all of it is about the experiments asked for, and not about earlier ones. */
  whole: boolean;
  /** Why a part of it could not be read, and a way to try again. */
  failure: { error: Error; retry: () => void } | undefined;
}

interface Piece<Part> {
  queryKey: unknown[];
  queryFn: (context: { signal: AbortSignal }) => Promise<Part[]>;
}

function usePieces<Part extends { experiment_id: string }>(
  pieces: string[][],
  ask: (ids: string[]) => Piece<Part>,
): Pieces<Part> {
  return useQueries({
    queries: pieces
      .filter((ids) => ids.length > 0)
      .map((ids) => ({ ...ask(ids), placeholderData: keepPreviousData<Part[]> })),
    combine: (results) => {
      const parts = new Map(results.flatMap(({ data }) => data ?? []).map((part) => [part.experiment_id, part]));
      return {
        of: (experimentId: string) => parts.get(experimentId),
        whole: results.every(({ data, isPlaceholderData }) => data !== undefined && !isPlaceholderData),
        failure: failureOf(results),
      };
    },
  });
}

interface Asked {
  error: Error | null;
  refetch: () => Promise<unknown>;
}

function failureOf(results: Asked[]): Pieces<unknown>["failure"] {
  const failed = results.filter(({ error }) => error !== null);
  const error = failed[0]?.error;
  return error ? { error, retry: () => void Promise.all(failed.map((one) => one.refetch())) } : undefined;
}

/** A change of many experiments at once; afterwards the list of them is read again. */
export function useStage() {
  const client = useQueryClient();
  return (experimentIds: string[], stage: "active" | "deleted") =>
    inParts(experimentIds, (experiment_ids) =>
      call("changeExperiments", { experiment_ids, lifecycle_stage: stage }),
    ).finally(() => client.invalidateQueries({ queryKey: EXPERIMENTS }));
}

/** What a text is found in: runs, experiments, models, pages, keys; nothing is asked for no text. */
export function useFound(text: string) {
  return useQuery({
    queryKey: ["anything", text],
    enabled: text !== "",
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await call("findAnything", { text }, signal)).items,
  });
}
