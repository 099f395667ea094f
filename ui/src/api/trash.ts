import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import type { DeletedItem, TrashReport } from "./generated";
import { onlyModels, useChanges } from "./live";
import { reread } from "./queries";

const PAGE = 200;

/** What is marked as deleted, the last deleted first, a page at a time; kept up to date. */
export function useTrash() {
  const client = useQueryClient();
  useChanges(async (change) => !onlyModels(change) && reread(client, ["trash"]));
  return useInfiniteQuery({
    queryKey: ["trash"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call("viewTrash", { max_results: PAGE, page_token: pageParam || undefined }, signal),
    getNextPageParam: (last) => last.next_page_token || undefined,
  });
}

/** Bring back what was deleted. */
export function useRestore() {
  const client = useQueryClient();
  return useMutation<unknown, Error, DeletedItem>({
    mutationFn: ({ kind, id }) => {
      if (kind === "run") return call("restoreRun", { run_id: id });
      return kind === "experiment"
        ? call("restoreExperiment", { experiment_id: id })
        : call("restoreLoggedModel", { model_id: id });
    },
    onSuccess: () => readAgain(client),
  });
}

async function readAgain(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "trash" });
  await client.invalidateQueries({ queryKey: ["trash"] });
}

function named(items: DeletedItem[]) {
  const ids = (kind: string) => items.filter((item) => item.kind === kind).map((item) => item.id);
  return { experiment_ids: ids("experiment"), run_ids: ids("run"), model_ids: ids("model") };
}

/** What removing things for good would free, by kind and id; asked for only when it is wanted, since files are counted. */
export function useTrashSizes(items: DeletedItem[], wanted: boolean) {
  return useQuery({
    queryKey: ["trash sizes", items.map((item) => `${item.kind} ${item.id}`)],
    enabled: wanted && items.length > 0,
    queryFn: () => emptied(items, true),
  });
}

/** Remove things for good, with their files. */
export function useRemoval() {
  const client = useQueryClient();
  return useMutation<TrashReport, Error, DeletedItem[]>({
    mutationFn: (items) => emptied(items, false),
    onSettled: () => readAgain(client),
  });
}

/** The server does some of it a request, and is asked until all is done. */
async function emptied(items: DeletedItem[], dryRun: boolean): Promise<TrashReport> {
  const all: Required<Pick<TrashReport, "items" | "kept">> = { items: [], kept: [] };
  let token: string | undefined;
  do {
    const report = await call("emptyTrash", { ...named(items), dry_run: dryRun, page_token: token });
    all.items.push(...(report.items ?? []));
    all.kept.push(...(report.kept ?? []));
    token = report.next_page_token || undefined;
  } while (token);
  return all;
}
