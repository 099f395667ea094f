import type { Extent } from "./curves";
import { padExtent } from "./stats";

/** Values over places, as far as a chart's axes care. */
export interface Placed {
  xs: Float64Array;
  ys: Float64Array;
}

interface Wanted {
  within: Extent;
  log: boolean;
  /** Whether outliers are kept from stretching the axis. */
  clip: boolean;
  /** The axis set by hand, which then is what it is. */
  range: [number, number] | undefined;
}

export interface View {
  /** What the y axis shows. */
  extent: Extent;
  /** Finite values in view of the x axis that lie above or below. */
  outside: number;
}

/** Of every hundred values, one at either end may be an outlier; it is one if it lies far beyond the rest. */
const TAIL = 0.01;
const FAR = 1;
const FEWEST_TO_CLIP = 20;

/** What the y axis of a chart shows, and how many points that leaves out. `extra` widens the axis but is not counted. */
export function viewY(
  lines: readonly Placed[],
  { within, log, clip, range }: Wanted,
  extra: readonly Placed[] = [],
): View {
  const values = inView(lines, within, log);
  const full = extentOf([values, inView(extra, within, log)]) ?? { low: log ? 0.1 : 0, high: 1 };
  if (range && (!log || range[0] > 0)) return { extent: { low: range[0], high: range[1] }, ...count(values, range) };
  if (!clip || values.length < FEWEST_TO_CLIP) return { extent: padExtent(full, log), outside: 0 };
  const [low, high] = fences(values, log);
  const kept = extentOf([values.filter((value) => value >= low && value <= high)]) ?? full;
  return { extent: padExtent(kept, log), ...count(values, [low, high]) };
}

function count(values: Float64Array, [low, high]: [number, number]): { outside: number } {
  return { outside: values.reduce((sum, value) => sum + (value < low || value > high ? 1 : 0), 0) };
}

function inView(lines: readonly Placed[], within: Extent, log: boolean): Float64Array {
  const values: number[] = [];
  for (const { xs, ys } of lines) {
    for (let index = 0; index < xs.length; index += 1) {
      const y = ys[index]!;
      if (xs[index]! < within.low || xs[index]! > within.high || !Number.isFinite(y) || (log && y <= 0)) continue;
      values.push(y);
    }
  }
  return Float64Array.from(values);
}

function extentOf(parts: readonly Float64Array[]): Extent | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of parts) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? { low, high } : undefined;
}

/** The least and the greatest of some values; 0 for both where there is none. */
export function extentOfValues(values: readonly number[]): Extent {
  return extentOf([Float64Array.from(values)]) ?? { low: 0, high: 0 };
}

function fences(values: Float64Array, log: boolean): [number, number] {
  const sorted = (log ? values.map(Math.log10) : values.slice()).sort();
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))]!;
  const room = FAR * (at(1 - TAIL) - at(TAIL));
  const bounds: [number, number] = [at(TAIL) - room, at(1 - TAIL) + room];
  return log ? [10 ** bounds[0], 10 ** bounds[1]] : bounds;
}

/** How many values cannot stand on a log axis. */
export function countNotPositive(columns: readonly Float64Array[]): number {
  return columns.reduce((sum, values) => sum + values.reduce((some, value) => some + (value <= 0 ? 1 : 0), 0), 0);
}

/** What the x axis shows: the part zoomed to, or everything; on a log axis only what is above zero. */
export function viewX(lines: readonly Placed[], zoom: [number, number] | undefined, log: boolean): Extent | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { xs } of lines) {
    const first = log ? xs.find((x) => x > 0) : xs[0];
    if (first === undefined) continue;
    low = Math.min(low, first);
    high = Math.max(high, xs[xs.length - 1]!);
  }
  if (low > high) return undefined;
  if (zoom && (!log || zoom[1] > 0))
    return { low: log && zoom[0] <= 0 ? Math.min(low, zoom[1] / 10) : zoom[0], high: zoom[1] };
  if (low < high) return { low, high };
  return log ? { low: low / 2, high: high * 2 } : { low: low - 1, high: high + 1 };
}
