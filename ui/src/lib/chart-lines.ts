import type { Hue } from "./colors";

/** A line of a chart with its looks: a run, or the mean of a group of runs. */
export interface ChartLine {
  /** The run's id, or what tells the group. */
  id: string;
  name: string;
  /** The runs that stand out with it. */
  runIds: readonly string[];
  hue: Hue;
  xs: Float64Array;
  ys: Float64Array;
  steps: Float64Array;
  /** What is drawn strong over the values as logged, which then stand faint behind; undefined to draw those alone. */
  smoothed: Float64Array | undefined;
  /** Points that no line joins, as x goes back and forth. */
  scattered: boolean;
  spread: Spreading | undefined;
}

/** What the runs of a group spread over around their mean. */
export interface Spreading {
  low: Float64Array;
  high: Float64Array;
  deviations: Float64Array;
  counts: Float64Array;
}

/** Where values that are not finite are marked: NaN and -∞ at the bottom, ∞ at the top. */
export type OddMark = "nan" | "up" | "down";

export function oddMark(value: number): OddMark | undefined {
  if (Number.isFinite(value)) return undefined;
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "up" : "down";
}

/** Stretches of a line that can be drawn in one go, as first index and the one after the last. */
export function stretches(ys: Float64Array, log: boolean): Array<[number, number]> {
  const found: Array<[number, number]> = [];
  let start = -1;
  for (let index = 0; index <= ys.length; index += 1) {
    const value = ys[index];
    const drawable = value !== undefined && Number.isFinite(value) && !(log && value <= 0);
    if (drawable && start < 0) start = index;
    if (!drawable && start >= 0) {
      found.push([start, index]);
      start = -1;
    }
  }
  return found;
}

/** The line that passes nearest to a place, in pixels; undefined where none is within reach. */
export function nearestLine<Line>(
  lines: readonly Line[],
  topOf: (line: Line) => number | undefined,
  top: number,
  reach: number,
): Line | undefined {
  let best: Line | undefined;
  let least = reach;
  for (const line of lines) {
    const place = topOf(line);
    if (place === undefined || !(Math.abs(place - top) < least)) continue;
    least = Math.abs(place - top);
    best = line;
  }
  return best;
}
