import { useQuery, useQueryClient } from "@tanstack/react-query";
import { append, EMPTY_FRAME, type Frame, merge, withDuration, without } from "../lib/frame";
import type { Stage } from "../lib/url-state";
import { call } from "./client";
import type { ViewRuns } from "./generated";
import { type Change, onlyModels, useChanges } from "./live";

/** Runs as columns, and how many there are where not all are held. */
export interface Matching {
  frame: Frame;
  total: number;
  /** Metrics and params that were left out, as there are too many. */
  omitted: number;
}

export interface MatchingRequest {
  experimentId: string;
  query: string;
  stage?: Stage;
}

export const MOST_MATCHING = 20_000;
const FIRST_PAGE = 200;
const NEXT_PAGE = 5000;
const MOST_COLUMNS = 300;
const MOST_TOUCHED = 500;
const STAGE_NAMES: Record<Stage, string> = { active: "ACTIVE_ONLY", deleted: "DELETED_ONLY", all: "ALL" };

/** All runs of an experiment that match, with their metrics and params; kept up to date. */
export function useMatchingRuns({ experimentId, query, stage = "active" }: MatchingRequest) {
  const client = useQueryClient();
  const queryKey = ["matching", experimentId, stage, query];
  const base: ViewRuns = {
    experiment_ids: [experimentId],
    filter: query || null,
    run_view_type: STAGE_NAMES[stage],
  };
  useChanges(follow);

  async function follow(change: Change): Promise<void> {
    if (onlyModels(change)) return;
    if (client.getQueryState(queryKey)?.status !== "success" || !isSmall(change)) {
      await client.invalidateQueries({ queryKey });
      return;
    }
    const page = await call("viewRuns", { ...base, run_ids: change.runs, max_results: change.runs.length });
    client.setQueryData<Matching>(queryKey, (known) => known && changed(known, change.runs, page));
  }

  return useQuery({ queryKey, queryFn: ({ signal }) => readAll(base, signal) });
}

function isSmall(change: Change): boolean {
  return change.runs.length > 0 && change.runs.length <= MOST_TOUCHED;
}

async function readAll(base: ViewRuns, signal: AbortSignal): Promise<Matching> {
  let page = await call("viewRuns", { ...base, max_results: FIRST_PAGE }, signal);
  const names = Object.keys(page.columns).filter((name) => /^(metrics|params)\./.test(name));
  const left = new Set(names.slice(MOST_COLUMNS));
  const columns = left.size > 0 ? names.slice(0, MOST_COLUMNS) : null;
  const kept = Object.entries(page.columns).filter(([name]) => !left.has(name));
  let frame = append(EMPTY_FRAME, { ...page, columns: Object.fromEntries(kept) });
  while (page.next_page_token && frame.runIds.length < MOST_MATCHING) {
    page = await call(
      "viewRuns",
      { ...base, columns, max_results: NEXT_PAGE, page_token: page.next_page_token },
      signal,
    );
    frame = append(frame, page);
  }
  return { frame: withDuration(frame), total: page.total, omitted: left.size };
}

function changed(known: Matching, touched: string[], page: Parameters<typeof merge>[1]): Matching {
  const matching = new Set(page.run_ids);
  const held = new Set(known.frame.runIds);
  const gone = new Set(touched.filter((id) => held.has(id) && !matching.has(id)));
  const added = page.run_ids.filter((id) => !held.has(id)).length;
  const frame = withDuration(merge(without(known.frame, gone), page));
  return { ...known, frame, total: known.total - gone.size + added };
}
