import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { call } from "../../api/client";
import type { RunColumns, ViewRuns } from "../../api/generated";
import { type Change, onlyModels, useChanges } from "../../api/live";
import { useLastGood } from "../../components/last-good";
import { DURATION, keyOf, kindOf, searchName } from "../../lib/columns";
import { append, EMPTY_FRAME, type Frame, merge, type SortKey, withDuration, without } from "../../lib/frame";
import type { Stage } from "../../lib/url-state";

const FIRST_PAGE = 200;
const NEXT_PAGE = 5000;
/** Up to here all runs are held and sorted in the browser; beyond, the server sorts and pages are read on demand. */
const WHOLE = 20_000;
const MOST_TOUCHED = 500;
const LARGEST_PAGE = 50_000;

export const STAGE_NAMES: Record<Stage, string> = { active: "ACTIVE_ONLY", deleted: "DELETED_ONLY", all: "ALL" };

/** What is held of the runs that match. */
export interface Loaded {
  frame: Frame;
  total: number;
  next: string;
}

export interface TableRequest {
  experimentId: string;
  query: string;
  stage: Stage;
  sort: SortKey[];
}

export interface RunTable {
  frame: Frame;
  /** How many runs match. */
  total: number;
  /** Whether all that match are held, or will be in a moment; else they come in the order of the table. */
  whole: boolean;
  /** Whether all that match are held now. */
  complete: boolean;
  loading: boolean;
  /** Whether rows shown belong to an earlier question. */
  stale: boolean;
  error: Error | null;
  retry: () => void;
  /** Read the next page, where not all rows are held. */
  more: () => void;
  /** Ids of all runs that match, held or not. */
  allIds: () => Promise<string[]>;
  /** All runs that match, in the order of the table, with these columns only. */
  readAll: (columns: string[]) => Promise<Frame>;
}

/** What every question about the runs of the table has in common. */
export function baseRequest({ experimentId, query, stage }: Omit<TableRequest, "sort">) {
  return { experiment_ids: [experimentId], filter: query || null, run_view_type: STAGE_NAMES[stage] };
}

/** The runs of an experiment that match: the first screen at once, then all of them, then every change. */
export function useRunTable({ experimentId, query, stage, sort }: TableRequest): RunTable {
  const client = useQueryClient();
  const [large, setLarge] = useState(false);
  const base: ViewRuns = baseRequest({ experimentId, query, stage });
  const ordered: ViewRuns = { ...base, order_by: serverOrder(sort) };
  const queryKey = ["table", experimentId, stage, query, large ? ordered.order_by : null];
  const result = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Loaded> => {
      let loaded = await readPage(ordered, undefined, signal);
      setLarge(loaded.total > WHOLE);
      while (loaded.next && loaded.total <= WHOLE) {
        client.setQueryData(queryKey, loaded);
        loaded = await readPage(ordered, loaded, signal);
      }
      return loaded;
    },
  });
  const last = useLastGood(result.data, `${experimentId} ${stage}`);
  useChanges(follow);

  async function follow(change: Change): Promise<void> {
    if (onlyModels(change)) return;
    const everything = change.runs.length === 0 || change.runs.length > MOST_TOUCHED;
    if (everything || client.getQueryState(queryKey)?.status !== "success") {
      await client.invalidateQueries({ queryKey });
      return;
    }
    const page = await call("viewRuns", { ...base, run_ids: change.runs, max_results: change.runs.length });
    client.setQueryData<Loaded>(queryKey, (known) => known && applyChange(known, page, change.runs));
  }

  async function readMore(): Promise<void> {
    if (!large || !result.data?.next || result.isFetching) return;
    const loaded = await readPage(ordered, result.data, new AbortController().signal);
    client.setQueryData(queryKey, loaded);
  }

  async function readAll(columns: string[]): Promise<Frame> {
    let frame = EMPTY_FRAME;
    let token: string | undefined;
    do {
      const request = { ...ordered, columns, max_results: LARGEST_PAGE, page_token: token };
      const page: RunColumns = await call("viewRuns", request);
      frame = append(frame, page);
      token = page.next_page_token || undefined;
    } while (token);
    return withDuration(frame);
  }

  const reading = useRef(false);
  const next = useRef(readMore);
  next.current = readMore;
  const more = useCallback(() => {
    if (reading.current) return;
    reading.current = true;
    void next.current().finally(() => {
      reading.current = false;
    });
  }, []);
  const complete = !large && last !== undefined && last.frame.runIds.length >= last.total;
  return {
    frame: last?.frame ?? EMPTY_FRAME,
    total: last?.total ?? 0,
    whole: !large,
    complete,
    loading: last === undefined && !result.error,
    stale: result.data === undefined && last !== undefined,
    error: result.error,
    retry: () => void result.refetch(),
    more,
    allIds: async () => (last && complete ? last.frame.runIds : (await readAll([])).runIds),
    readAll,
  };
}

function serverOrder(sort: SortKey[]): string[] {
  return sort
    .filter((key) => key.column !== DURATION)
    .map(({ column, descending }) => {
      const name = kindOf(column) === "curves" ? `metrics.${keyOf(column)}` : column;
      return `${searchName(name)} ${descending ? "DESC" : "ASC"}`;
    });
}

async function readPage(request: ViewRuns, known: Loaded | undefined, signal: AbortSignal): Promise<Loaded> {
  const page = await call(
    "viewRuns",
    { ...request, max_results: known ? NEXT_PAGE : FIRST_PAGE, page_token: known?.next },
    signal,
  );
  const frame = withDuration(append(known?.frame ?? EMPTY_FRAME, page));
  return { frame, total: page.total, next: page.next_page_token };
}

/** What is held, with the touched runs as they are now; those that match no longer are taken out. */
function applyChange(known: Loaded, page: RunColumns, touched: string[]): Loaded {
  const matching = new Set(page.run_ids);
  const held = new Set(known.frame.runIds);
  const gone = new Set(touched.filter((id) => held.has(id) && !matching.has(id)));
  const added = known.next ? [] : page.run_ids.filter((id) => !held.has(id));
  const frame = withDuration(merge(without(known.frame, gone), page));
  return { ...known, frame, total: known.total - gone.size + added.length };
}
