import { keepPreviousData, type QueryClient, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { baseName } from "../lib/files";
import { IMAGE_HEAD } from "../lib/image-size";
import { Listing } from "../lib/tree";
import { type Facts, fetchFacts, fetchRange, type Owner } from "./artifacts";
import { call } from "./client";
import type { Files, ViewRunFiles } from "./generated";
import { touchesRun, useChanges } from "./live";
import { reread } from "./queries";

/** How many entries of a folder are read at a time. */
export const PART = 1000;

function viewFiles({ kind, id }: Owner, asked: Omit<ViewRunFiles, "run_id">, signal: AbortSignal): Promise<Files> {
  if (kind === "run") return call("viewRunFiles", { run_id: id, ...asked }, signal);
  return call("viewModelFiles", { model_id: id, ...asked }, signal);
}

function partQuery(owner: Owner, path: string, part: number, contains: string) {
  return {
    queryKey: ["files", owner.kind, owner.id, path, contains, part],
    placeholderData: keepPreviousData,
    queryFn: ({ signal, client }: { signal: AbortSignal; client: QueryClient }) => {
      const before = client.getQueryData<Files>(["files", owner.kind, owner.id, path, contains, part - 1]);
      const after = before && !before.complete && contains === "" ? lastOf(before) : "";
      return viewFiles(owner, { path, contains, start: part * PART, max_results: PART, after }, signal);
    },
  };
}

/** What the next part of a folder comes after, where its store cannot count. */
function lastOf({ names, sizes }: Files): string {
  return `${names.at(-1) ?? ""}${sizes.at(-1) === null ? "/" : ""}`;
}

/** Reads files again when their run changes. */
function useFresh({ kind, id }: Owner): void {
  const client = useQueryClient();
  useChanges(async (change) => kind === "run" && touchesRun(change, id) && reread(client, ["files", kind, id]));
}

/** The first part of a folder, or of what is found below it; kept up to date. */
export function useFolder(owner: Owner, path: string, contains = "") {
  useFresh(owner);
  return useQuery(partQuery(owner, path, 0, contains));
}

/** The parts of folders that were asked for. */
export function useListings(owner: Owner, wanted: ReadonlyMap<string, ReadonlySet<number>>, contains: string) {
  const asked = useMemo(
    () => [...wanted].flatMap(([path, parts]) => [...parts].map((part) => ({ path, part }))),
    [wanted],
  );
  return useQueries({
    queries: asked.map(({ path, part }) => ({ ...partQuery(owner, path, part, contains), placeholderData: undefined })),
    combine: (results) => {
      const listings = new Map<string, Listing>();
      for (const [index, { data }] of results.entries()) {
        const { path } = asked[index]!;
        // A search that ended early has no more to give.
        const part = data && { ...data, complete: data.complete || contains !== "" };
        if (part) listings.set(path, (listings.get(path) ?? new Listing()).add(part));
      }
      return { listings, error: results.find((result) => result.error)?.error };
    },
  });
}

/** The part of its folder in which a file or folder stands. */
export function usePartOf(owner: Owner, path: string, enabled: boolean): number | undefined {
  const folder = path.slice(0, Math.max(0, path.length - baseName(path).length - 1));
  const { data } = useQuery({
    queryKey: ["files", owner.kind, owner.id, "part of", path],
    enabled,
    queryFn: ({ signal }) => viewFiles(owner, { path: folder, around: baseName(path), max_results: PART }, signal),
  });
  return data && Math.floor(data.start / PART);
}

/** What there is at a path: a file with its facts, a folder, or nothing. */
export function useFacts(owner: Owner, path: string) {
  useFresh(owner);
  return useQuery({
    queryKey: ["files", owner.kind, owner.id, "facts", path],
    queryFn: async ({ signal }): Promise<Facts | "folder" | "nothing"> => {
      const facts = await fetchFacts(owner, path, signal);
      if (facts) return facts;
      const { total } = await viewFiles(owner, { path, max_results: 1 }, signal);
      return total > 0 ? "folder" : "nothing";
    },
  });
}

const MOST_IMAGES = 10_000;

/** The names of a run's files in the folder of its images over steps. */
export function useImageNames(runIds: readonly string[], folder: string) {
  const client = useQueryClient();
  useChanges(async (change) => {
    for (const id of runIds) if (touchesRun(change, id)) await reread(client, ["images", id]);
  });
  return useQueries({
    queries: runIds.map((id) => ({
      queryKey: ["images", id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call("viewRunFiles", { run_id: id, path: folder, max_results: MOST_IMAGES }, signal),
    })),
    combine: (results) => ({
      pending: results.some((result) => result.isPending),
      error: results.find((result) => result.error)?.error ?? undefined,
      retry: () => results.forEach((result) => void result.refetch()),
      pages: results.map((result) => result.data),
    }),
  });
}

/** The first bytes of an image, which tell its size before it is unpacked. */
export function useImageHead(url: string) {
  return useQuery({
    queryKey: ["image-head", url],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    queryFn: ({ signal }) => fetchRange(url, { start: 0, end: IMAGE_HEAD, etag: "", signal }),
  });
}
