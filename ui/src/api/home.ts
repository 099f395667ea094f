import { keepPreviousData, type QueryClient, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import type { BestRun, ExperimentSummary } from "./generated";
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
export function useBest(pieces: string[][]): ReadonlyMap<string, BestRun> {
  const client = useQueryClient();
  useChanges(async (change) => !onlyModels(change) && reread(client, ["best"]));
  return useQueries({
    queries: pieces
      .filter((ids) => ids.length > 0)
      .map((ids) => ({
        queryKey: ["best", ids],
        placeholderData: keepPreviousData,
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await call("viewBest", { experiment_ids: ids }, signal)).best,
      })),
    combine: (results) =>
      new Map(results.flatMap(({ data }) => data ?? []).map((best) => [best.experiment_id, best] as const)),
  });
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
