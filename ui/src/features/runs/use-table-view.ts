import { useMemo } from "react";
import type { RunFamily } from "../../api/generated";
import { useWrite } from "../../api/queries";
import { attempt } from "../../components/toast";
import { columnsOf, defaultColumns, expandColumns, foldEqual, keyOf } from "../../lib/columns";
import { append, type Frame, order, type SortKey, withDuration } from "../../lib/frame";
import { groupLines, type Line } from "../../lib/groups";
import { formatMainMetric, guessDirection, MAIN_METRIC_TAG, type MainMetric, parseMainMetric } from "../../lib/metrics";
import { bestBelow, flatLines, nestedLines, Openness, PARENT } from "../../lib/run-tree";
import type { TableState } from "../../lib/url-state";
import { useFamilies, useGroups, useStatColumns } from "./use-nearby";
import { type RunTable, useRunTable } from "./use-run-table";

export interface TableView {
  table: RunTable;
  /** What is held of the runs, with ancestors that only stand above matching ones. */
  frame: Frame;
  /** Rows of the matching runs, in order. */
  rows: readonly number[];
  lines: readonly Line[];
  families: ReadonlyMap<string, RunFamily>;
  /** Columns shown, pinned ones first. */
  columns: string[];
  /** Columns not shown since they are equal in all runs. */
  constant: string[];
  /** Columns left out of the default choice for want of room. */
  more: number;
  main: MainMetric | undefined;
  setMain: (main: MainMetric) => void;
  openness: Openness;
  /** Whether any of the runs is nested. */
  nestable: boolean;
  /** Why the groups could not be read, and a way to try again. */
  groupFailure: { error: Error; retry: () => void } | undefined;
}

/** All that the table shows, worked out from the address and what the server says. */
export function useTableView(
  experimentId: string,
  state: TableState,
  sort: SortKey[],
  mainTag: string | undefined,
): TableView {
  const request = { experimentId, query: state.query, stage: state.stage };
  const table = useRunTable({ ...request, sort });
  const { main, setMain } = useMainMetric(experimentId, table.frame, mainTag);
  const grouped = state.group.length > 0;
  const nesting = state.nested && !grouped && table.whole && !table.loading;
  const { families, ancestors } = useFamilies(request, main, nesting && mayNest(table, state.query));
  const choice = useColumns(table.frame, state);
  const { groups, failure: groupFailure } = useGroups(request, state.group, choice.columns);
  const whole = useMemo(() => {
    const page = { run_ids: ancestors.run_ids, columns: Object.fromEntries(ancestors.columns) };
    return ancestors.run_ids.length === 0 ? table.frame : withDuration(append(table.frame, page));
  }, [table.frame, ancestors]);
  const byParent = useMemo(() => bestBelow(whole, families, main?.direction ?? "max"), [whole, families, main]);
  const statNames = useMemo(() => [...choice.columns, ...sort.map((key) => key.column)], [choice.columns, sort]);
  const frame = useStatColumns(request, whole, statNames, table.whole);
  const matching = table.frame.runIds.length;
  const ordered = useMemo(
    () => (table.whole ? order(frame, sort) : frame.runIds.map((_, row) => row)),
    [frame, sort, table.whole],
  );
  const rows = useMemo(() => ordered.filter((row) => row < matching), [ordered, matching]);
  const openness = useMemo(
    () => new Openness(state.open, !grouped && state.query !== ""),
    [state.open, state.query, grouped],
  );
  const lines = useMemo((): readonly Line[] => {
    if (grouped) {
      const directionOf = (key: string) => (main?.key === key ? main.direction : guessDirection(key));
      const grouping = { by: state.group, sort, stat: state.stat, directionOf };
      return groupLines(frame, rows, groups ?? [], { open: openness, grouping });
    }
    if (!nesting || !frame.columns.has(PARENT)) return flatLines(frame, rows);
    const dim = new Set(ordered.filter((row) => row >= matching));
    return nestedLines(frame, ordered, openness, dim);
  }, [grouped, state.group, state.stat, sort, main, frame, rows, groups, openness, nesting, ordered, matching]);
  const nestable = table.whole && (byParent.size > 0 || frame.columns.has(PARENT));
  return { table, frame, rows, lines, families: byParent, ...choice, main, setMain, openness, nestable, groupFailure };
}

/** Whether runs may be nested: the server is not asked where all runs are held and none names a parent. */
function mayNest({ frame, total, stale }: RunTable, query: string): boolean {
  return query !== "" || stale || frame.runIds.length < total || frame.columns.has(PARENT);
}

/** The columns of the table: those chosen, or the default ones; without those that are equal, where that is wanted. */
function useColumns(frame: Frame, state: TableState): { columns: string[]; constant: string[]; more: number } {
  const { columns: chosen, differing, pinned, group } = state;
  return useMemo(() => {
    const initial = defaultColumns(frame);
    const wanted = chosen ? expandColumns(frame, chosen) : initial.shown;
    const folded = differing
      ? foldEqual(
          frame,
          wanted,
          frame.runIds.map((_, row) => row),
        )
      : undefined;
    const shown = (folded?.shown ?? wanted).filter((column) => !group.includes(column));
    const fixed = pinned.filter((column) => shown.includes(column));
    const constant = new Set([...(chosen ? [] : initial.constant), ...(folded?.constant ?? [])]);
    return {
      columns: [...fixed, ...shown.filter((column) => !fixed.includes(column))],
      constant: [...constant],
      more: chosen ? 0 : initial.more,
    };
  }, [frame, chosen, differing, pinned, group]);
}

/** The metric people look at first: the one kept with the experiment, or the likeliest by its name. */
function useMainMetric(experimentId: string, frame: Frame, tag: string | undefined) {
  const write = useWrite("setExperimentTag", ["experiment"]);
  const guessed = columnsOf(frame, "metrics")[0];
  const kept = parseMainMetric(tag);
  const key = kept && frame.columns.has(`metrics.${kept.key}`) ? kept.key : guessed && keyOf(guessed);
  const direction = kept && kept.key === key ? kept.direction : guessDirection(key ?? "");
  const main = useMemo((): MainMetric | undefined => (key ? { key, direction } : undefined), [key, direction]);
  const setMain = (next: MainMetric) =>
    void attempt("The main metric was not kept", () =>
      write.mutateAsync({ experiment_id: experimentId, key: MAIN_METRIC_TAG, value: formatMainMetric(next) }),
    );
  return { main, setMain };
}
