import { useQuery, useQueryClient } from "@tanstack/react-query";
import { parseSurroundings } from "../lib/provenance";
import { artifactUrl, Changed, fetchFacts, fetchRange, type Owner } from "./artifacts";
import { useFolder } from "./files";
import type { Run } from "./generated";

/** Where a client keeps what a run was started from. */
const FOLDER = "assay";
/** Names the run of the same process that keeps it for this one, too. */
const KEPT_TAG = "assay.environment_run";
const SURROUNDINGS = "environment.json";
export const PATCH = `${FOLDER}/uncommitted.patch`;

const MOST_TEXT = 2_000_000;

/** A text of at most 2 MB; it is read once. */
export function useText(owner: Owner, path: string | undefined) {
  return useQuery({
    queryKey: ["run-text", owner.id, path],
    enabled: path !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const url = artifactUrl(owner, path ?? "");
      return new TextDecoder().decode(await fetchRange(url, { start: 0, end: MOST_TEXT, etag: "", signal }));
    },
  });
}

/** Which files tell of the start of a run, and whose they are: another run of the process may keep them. */
export function useProvenance({ info, data }: Run) {
  const elsewhere = data.tags?.find(({ key }) => key === KEPT_TAG)?.value;
  const top = useFolder({ kind: "run", id: info.run_id }, "");
  const isOwn = elsewhere === undefined || (top.data?.names.includes(FOLDER) ?? false);
  const owner: Owner = { kind: "run", id: isOwn ? info.run_id : elsewhere };
  // Where there is no such folder, what is asked for is what was read already.
  const folder = isOwn && !top.data?.names.includes(FOLDER) ? "" : FOLDER;
  const listing = useFolder(owner, folder);
  const names = new Set(folder === "" ? [] : listing.data?.names);
  const surroundings = useText(owner, names.has(SURROUNDINGS) ? `${FOLDER}/${SURROUNDINGS}` : undefined);
  const source = useFolder(owner, names.has("source") ? `${FOLDER}/source` : folder);
  return {
    owner,
    error: listing.error ?? surroundings.error,
    retry: () => void Promise.all([listing.refetch(), surroundings.isError && surroundings.refetch()]),
    pending: listing.isPending || surroundings.isLoading,
    kept: names.size > 0,
    hasPatch: names.has("uncommitted.patch"),
    script: names.has("source") ? source.data?.names[0] : undefined,
    told: surroundings.data === undefined ? undefined : parseSurroundings(surroundings.data),
  };
}

export type Provenance = ReturnType<typeof useProvenance>;

interface Tail {
  size: number;
  etag: string;
  /** The first byte that was read. */
  start: number;
  bytes: Uint8Array<ArrayBuffer>;
}

const POLL = 2000;
// A line that goes on being written may still change this far before the end.
const LOOSE = 65_536;

/** The last bytes of a file of any size; while `live`, only what was added is read every two seconds. */
export function useTail(owner: Owner, path: string | undefined, { most, live }: { most: number; live: boolean }) {
  const client = useQueryClient();
  const queryKey = ["tail", owner.id, path, most];
  return useQuery({
    queryKey,
    enabled: path !== undefined,
    refetchInterval: live ? POLL : false,
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      const before = client.getQueryData<Tail>(queryKey);
      try {
        return await readTail(owner, path ?? "", { most, before, signal });
      } catch (error) {
        // The file grew between the two questions.
        if (error instanceof Changed) return readTail(owner, path ?? "", { most, before: undefined, signal });
        throw error;
      }
    },
  });
}

interface Reading {
  most: number;
  before: Tail | undefined;
  signal: AbortSignal;
}

async function readTail(owner: Owner, path: string, { most, before, signal }: Reading): Promise<Tail> {
  const facts = await fetchFacts(owner, path, signal);
  if (!facts) throw new Changed(404);
  const { size, etag } = facts;
  if (before && before.etag === etag && before.size === size) return before;
  const start = Math.max(0, size - most);
  const from = before && before.start === start ? Math.max(start, before.size - LOOSE) : start;
  const url = artifactUrl(owner, path);
  const fresh = await fetchRange(url, { start: from, end: size, etag, signal });
  if (!before || from === start) return { size, etag, start, bytes: fresh };
  const kept = before.bytes.subarray(0, from - start);
  const bytes = new Uint8Array(kept.length + fresh.length);
  bytes.set(kept);
  bytes.set(fresh, kept.length);
  return { size, etag, start, bytes };
}
