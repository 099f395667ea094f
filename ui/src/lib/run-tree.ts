import { type Cell, toNumber } from "./cells";
import { type Frame, textAt } from "./frame";
import type { Direction } from "./metrics";

/** The tag of a nested run that names its parent, as a column. */
export const PARENT = "tags.mlflow.parentRunId";

/** One line of the table: a run, on a level below its ancestors. */
export interface RunLine {
  kind: "run";
  key: string;
  row: number;
  level: number;
  /** Whether it shows what lies below it; undefined where nothing does. */
  open: boolean | undefined;
  /** Whether it stands here only for the runs below it: it does not match the filter itself. */
  dim: boolean;
}

/** Which rows are open: those that the reader turned, and the others as is usual. */
export class Openness {
  private readonly turned: ReadonlyMap<string, boolean>;
  private readonly usual: boolean;

  /** `open` as an address has it: keys opened, `-` before those closed, `*` for all. */
  constructor(open: readonly string[], usual: boolean) {
    this.usual = usual || open.includes("*");
    this.turned = new Map(open.map((part) => (part.startsWith("-") ? [part.slice(1), false] : [part, true])));
  }

  has(key: string): boolean {
    return this.turned.get(key) ?? this.usual;
  }

  /** What an address has after a row was opened or closed. */
  turn(key: string): string[] {
    const next = new Map(this.turned);
    const open = !this.has(key);
    if (open === this.usual) next.delete(key);
    else next.set(key, open);
    return [...next].map(([name, is]) => (is ? name : `-${name}`));
  }
}

/** The row of each row's parent in the frame; -1 for those on top. A ring of parents is cut where it closes. */
export function parentRows(frame: Frame): Int32Array {
  const rows = new Map(frame.runIds.map((id, row) => [id, row]));
  const parents = Int32Array.from(frame.runIds, (_, row) => rows.get(textAt(frame, PARENT, row)) ?? -1);
  // 0 not looked at, otherwise the number of the walk upwards that came by first.
  const seen = new Int32Array(parents.length);
  for (let start = 0; start < parents.length; start += 1) {
    let row = start;
    while (row !== -1 && seen[row] === 0) {
      seen[row] = start + 1;
      const parent = parents[row]!;
      if (parent !== -1 && seen[parent] === start + 1) parents[row] = -1;
      row = parents[row]!;
    }
  }
  return parents;
}

/** Rows by the row above them, and those with none; ancestors without any matching run below are left out. */
function siblings(frame: Frame, rows: readonly number[], dim: ReadonlySet<number>) {
  const parents = parentRows(frame);
  const needed = new Set<number>();
  for (const row of rows) {
    if (dim.has(row)) continue;
    for (let above = parents[row]!; above !== -1 && !needed.has(above); above = parents[above]!) needed.add(above);
  }
  const below = new Map<number, number[]>();
  const top: number[] = [];
  for (const row of rows) {
    if (dim.has(row) && !needed.has(row)) continue;
    const parent = parents[row]!;
    if (parent === -1) top.push(row);
    else if (below.has(parent)) below.get(parent)!.push(row);
    else below.set(parent, [row]);
  }
  return { top, below };
}

/** Runs as lines, the nested ones below their parents; `rows` are in the order that siblings have. */
export function nestedLines(
  frame: Frame,
  rows: readonly number[],
  open: Openness,
  dim: ReadonlySet<number>,
): RunLine[] {
  const { top, below } = siblings(frame, rows, dim);
  const lines: RunLine[] = [];
  const waiting = top.reverse().map((row) => ({ row, level: 1 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { row, level } = next;
    const children = below.get(row);
    const key = frame.runIds[row]!;
    const isOpen = children ? open.has(key) : undefined;
    lines.push({ kind: "run", key, row, level, open: isOpen, dim: dim.has(row) });
    if (!isOpen) continue;
    for (let index = children!.length - 1; index >= 0; index -= 1) {
      waiting.push({ row: children![index]!, level: level + 1 });
    }
  }
  return lines;
}

/** Runs as lines, one below the other. */
export function flatLines(frame: Frame, rows: readonly number[], level = 1): RunLine[] {
  return rows.map((row) => ({ kind: "run", key: frame.runIds[row]!, row, level, open: undefined, dim: false }));
}

/** Runs and all that lies below them in the frame. */
export function withDescendants(frame: Frame, runIds: Iterable<string>): string[] {
  const chosen = new Set(runIds);
  const parents = parentRows(frame);
  for (let row = 0; row < parents.length; row += 1) {
    for (let above = parents[row]!; above !== -1; above = parents[above]!) {
      if (!chosen.has(frame.runIds[above]!)) continue;
      chosen.add(frame.runIds[row]!);
      break;
    }
  }
  return [...chosen];
}

export interface Family {
  run_id: string;
  best_run_name: string;
  best_value: Cell;
}

/** Families with the best run on any level below, where a level further down has a better one than the children. */
export function bestBelow<Kind extends Family>(
  frame: Frame,
  families: readonly Kind[],
  direction: Direction,
): Map<string, Kind> {
  const sign = direction === "max" ? 1 : -1;
  const rows = new Map(frame.runIds.map((id, row) => [id, row]));
  const parents = parentRows(frame);
  const best = new Map(families.map((family) => [family.run_id, family]));
  for (const { run_id, best_run_name, best_value } of families) {
    const value = toNumber(best_value);
    if (value === undefined) continue;
    for (let above = parents[rows.get(run_id) ?? -1] ?? -1; above !== -1; above = parents[above]!) {
      const known = best.get(frame.runIds[above]!);
      const own = toNumber(known?.best_value);
      if (!known || (own !== undefined && own * sign >= value * sign)) break;
      best.set(known.run_id, { ...known, best_run_name, best_value });
    }
  }
  return best;
}
