import { type Cell, compareText, isMissing } from "./cells";
import type { PlotAxis } from "./plot-axes";

/** The values of a group, summed up. Whiskers reach the last values within 1.5 quartile distances (Tukey). */
export interface Box {
  group: string;
  rows: number[];
  low: number;
  first: number;
  median: number;
  third: number;
  high: number;
}

/** A quantile of sorted numbers, between neighbours in proportion (type 7, as NumPy and R do). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

export const MOST_GROUPS = 24;

/** Whether a column has few enough values to make groups, of two runs or more on average. */
export function isGrouping(cells: readonly Cell[]): boolean {
  const values = new Set<string>();
  let held = 0;
  for (const cell of cells) {
    if (isMissing(cell)) continue;
    values.add(String(cell));
    held += 1;
    if (values.size > MOST_GROUPS) return false;
  }
  return values.size > 1 && held >= 2 * values.size;
}

/** Rows by the value of a column, those without one last, with their values on an axis summed up. */
export function boxesOf(groups: readonly Cell[], values: PlotAxis, rows: ArrayLike<number>): Box[] {
  const inside = new Map<string | null, number[]>();
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    if (Number.isNaN(values.values[row]!)) continue;
    const cell = groups[row];
    const group = isMissing(cell) ? null : String(cell);
    const known = inside.get(group);
    if (known) known.push(row);
    else inside.set(group, [row]);
  }
  return [...inside]
    .sort(([left], [right]) => (left === null ? 1 : right === null ? -1 : compareText(left, right)))
    .map(([group, kept]) => boxOf(group ?? "not logged", kept, values));
}

function boxOf(group: string, rows: number[], { values }: PlotAxis): Box {
  const sorted = Float64Array.from(rows, (row) => values[row]!).sort();
  const [first, median, third] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share)) as [number, number, number];
  const reach = 1.5 * (third - first);
  return {
    group,
    rows,
    low: sorted.find((value) => value >= first - reach) ?? first,
    first,
    median,
    third,
    high: sorted.findLast((value) => value <= third + reach) ?? third,
  };
}

/** A place across a group for a row's point, the same every time, between -1 and 1. */
export function jitter(row: number): number {
  return 2 * ((row * 0.618033988749895) % 1) - 1;
}
