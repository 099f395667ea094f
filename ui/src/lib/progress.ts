import { toFinite } from "./cells";
import { START_TIME } from "./columns";
import type { Frame } from "./frame";
import type { Direction } from "./metrics";

/** A run of a search, in the order in which runs were begun. */
export interface Trial {
  row: number;
  /** From 1 on. */
  number: number;
  /** Undefined where it has no finite value (yet). */
  value: number | undefined;
  /** The best value up to here. */
  best: number | undefined;
  /** Whether it was better than all before it. */
  improved: boolean;
}

/** Runs in the order of their start, each with the best value up to then. */
export function trialsOf(frame: Frame, column: string, direction: Direction): Trial[] {
  const starts = frame.columns.get(START_TIME) ?? [];
  const cells = frame.columns.get(column) ?? [];
  const rows = frame.runIds.map((_, row) => row);
  rows.sort((left, right) => Number(starts[left] ?? 0) - Number(starts[right] ?? 0) || right - left);
  let best: number | undefined;
  return rows.map((row, at) => {
    const value = toFinite(cells[row]);
    const improved = value !== undefined && (best === undefined || (direction === "max" ? value > best : value < best));
    if (improved) best = value;
    return { row, number: at + 1, value, best, improved };
  });
}

/** How a search went, in words. */
export function progressInWords(trials: readonly Trial[], metric: string, format: (value: number) => string): string {
  const last = trials.findLast((trial) => trial.improved);
  if (last?.value === undefined) return `No trial has a value of ${metric} yet.`;
  const since = trials.length - last.number;
  const after = since === 0 ? "the last one" : since === 1 ? "one trial ago" : `${since} trials ago`;
  return `The best ${metric}, ${format(last.value)}, came with trial ${last.number} of ${trials.length}, ${after}.`;
}
