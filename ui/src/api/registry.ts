import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import type { CheckGates, Operations } from "./generated";
import { type Change, touchesExperiment, touchesModel, touchesRun, useChanges } from "./live";
import { reread } from "./queries";

const MOST_MODELS = 500;
const MOST_LOGGED = 200;
const MOST_CHANGES = 500;

/** Read again what a change on the server concerns. */
function useFollowing(queryKey: unknown[], concerns: (change: Change) => boolean): void {
  const client = useQueryClient();
  useChanges(async (change) => concerns(change) && reread(client, queryKey));
}

/** Registered models that match, with the metrics of the versions that people look at; kept up to date. */
export function useModels(filter: string, order: string) {
  const queryKey = ["models", filter, order];
  useFollowing(queryKey, (change) => touchesModel(change));
  return useQuery({
    queryKey,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call("viewModels", { filter: filter || null, order_by: [order], max_results: MOST_MODELS }, signal),
  });
}

/** The names of all registered models, for a choice. */
export function useModelNames() {
  return useQuery({
    queryKey: ["models", "names"],
    queryFn: async ({ signal }) => {
      const found = await call("searchRegisteredModels", { max_results: MOST_MODELS }, signal);
      return (found.registered_models ?? []).map((model) => model.name);
    },
  });
}

/** One registered model with its newest versions, the changes of its aliases, and its gates; kept up to date. */
export function useModel(name: string, most: number) {
  const queryKey = ["model", name, most];
  useFollowing(queryKey, (change) => touchesModel(change, name));
  return useQuery({
    queryKey,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call("viewModel", { name, max_results: most }, signal),
  });
}

/** Some versions of a model with metrics and params, in the order asked for; kept up to date. */
export function useVersions(name: string, versions: string[]) {
  const queryKey = ["versions", name, versions];
  useFollowing(queryKey, (change) => touchesModel(change, name));
  return useQuery({
    queryKey,
    enabled: versions.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call("viewVersions", { name, versions }, signal),
  });
}

/** What versions say of themselves. Their files never change. */
export function useVersionFiles(name: string, versions: string[]) {
  return useQuery({
    queryKey: ["version-files", name, versions],
    enabled: versions.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await call("viewVersionFiles", { name, versions }, signal)).files,
  });
}

/** Where a version comes from: its run, logged model, data and code. */
export function useLineage(name: string, version: string) {
  return useQuery({
    queryKey: ["lineage", name, version],
    queryFn: ({ signal }) => call("getModelLineage", { name, version }, signal),
  });
}

/** Every change of an alias, the last first. */
export function useAliasHistory(name: string, alias: string) {
  return useQuery({
    queryKey: ["alias-history", name, alias],
    queryFn: async ({ signal }) =>
      (await call("getAliasHistory", { name, alias, max_results: MOST_CHANGES }, signal)).changes ?? [],
  });
}

/** What a version shows for the rules of a gate, read anew each time. */
export function useGateCheck(request: CheckGates, enabled: boolean) {
  return useQuery({
    queryKey: ["gate-check", request],
    enabled,
    staleTime: 0,
    gcTime: 0,
    queryFn: async ({ signal }) => (await call("checkGates", request, signal)).outcomes ?? [],
  });
}

/** Addresses that are told of changes of the registry. */
export function useWebhooks() {
  return useQuery({
    queryKey: ["webhooks"],
    retry: false,
    queryFn: async ({ signal }) => (await call("listWebhooks", { max_results: 100 }, signal)).webhooks ?? [],
  });
}

/** Logged models of an experiment that match, the newest first; kept up to date. */
export function useLoggedModels(experimentId: string | undefined, filter: string) {
  const queryKey = ["logged-models", experimentId, filter];
  useFollowing(queryKey, (change) => touchesExperiment(change, experimentId ?? ""));
  return useQuery({
    queryKey,
    enabled: experimentId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call(
        "searchLoggedModels",
        { experiment_ids: [experimentId ?? ""], filter: filter || null, max_results: MOST_LOGGED },
        signal,
      ),
  });
}

/** One logged model; kept up to date. */
export function useLoggedModel(modelId: string) {
  const queryKey = ["logged-model", modelId];
  const result = useQuery({
    queryKey,
    enabled: modelId !== "",
    queryFn: async ({ signal }) => (await call("getLoggedModel", { model_id: modelId }, signal)).model,
  });
  const info = result.data?.info;
  useFollowing(
    queryKey,
    (change) => touchesExperiment(change, info?.experiment_id ?? "") || touchesRun(change, info?.source_run_id ?? ""),
  );
  return result;
}

const TOUCHED = ["model", "models", "versions", "alias-history", "logged-model", "logged-models"];

/** A change of the registry; afterwards all that was read of it is read again. */
export function useRegistryWrite<Name extends keyof Operations>(name: Name) {
  const client = useQueryClient();
  return useMutation<Operations[Name]["response"], Error, Operations[Name]["request"]>({
    mutationFn: (request) => call(name, request),
    onSuccess: () => Promise.all(TOUCHED.map((kind) => client.invalidateQueries({ queryKey: [kind] }))),
  });
}
