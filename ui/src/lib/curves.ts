import { type Cell, toFinite, toNumber } from "./cells";
import type { Axis } from "./url-state";

/** A metric of a run as the server sends it. */
export interface RawCurve {
  run_id: string;
  key: string;
  count: number;
  steps: number[];
  timestamps: number[];
  values: Cell[];
}

/** A curve made ready for drawing: `xs` in steps or seconds, ascending. */
export interface Line {
  runId: string;
  xs: Float64Array;
  ys: Float64Array;
  steps: Float64Array;
  /** Points stored in the range; more than `xs.length` where the curve was thinned. */
  count: number;
  /** Values that are NaN or infinite, which leave a gap. */
  gaps: number;
}

/** A curve placed on an axis; `origin` is the run's start in milliseconds, for times relative to it. */
export function toLine(curve: RawCurve, axis: Axis, origin: number): Line {
  const ys = Float64Array.from(curve.values, (value) => toNumber(value) ?? Number.NaN);
  const steps = Float64Array.from(curve.steps);
  const line = { runId: curve.run_id, xs: positions(curve, axis, origin), ys, steps, count: curve.count };
  const sorted = axis === "step" ? line : sortByX(line);
  return { ...sorted, gaps: ys.reduce((gaps, value) => gaps + (Number.isFinite(value) ? 0 : 1), 0) };
}

function positions(curve: RawCurve, axis: Axis, origin: number): Float64Array {
  if (axis === "step") return Float64Array.from(curve.steps);
  const zero = axis === "relative" ? origin : 0;
  return Float64Array.from(curve.timestamps, (time) => (time - zero) / 1000);
}

function sortByX<Part extends Pick<Line, "xs" | "ys" | "steps">>(line: Part): Part {
  if (line.xs.every((x, index) => index === 0 || line.xs[index - 1]! <= x)) return line;
  const rows = [...line.xs.keys()].sort((left, right) => line.xs[left]! - line.xs[right]!);
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  return { ...line, xs: pick(line.xs), ys: pick(line.ys), steps: pick(line.steps) };
}

/** Whether a curve holds at most one point that can be drawn; one that was thinned holds more. */
export function isSingleValue({ count, values }: RawCurve): boolean {
  if (count > values.length) return false;
  return values.filter((value) => toFinite(value) !== undefined).length <= 1;
}

/** The index of the point nearest to `x`; -1 for an empty curve. */
export function nearest(xs: Float64Array, x: number): number {
  if (xs.length === 0) return -1;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - xs[low - 1]! <= xs[low]! - x ? low - 1 : low;
}

export interface Extent {
  low: number;
  high: number;
}

/** The least and greatest x of all lines; undefined where there is no point. */
export function extentX(lines: readonly Line[]): Extent | undefined {
  const filled = lines.filter((line) => line.xs.length > 0);
  if (filled.length === 0) return undefined;
  return {
    low: Math.min(...filled.map((line) => line.xs[0]!)),
    high: Math.max(...filled.map((line) => line.xs[line.xs.length - 1]!)),
  };
}

/** The least and greatest drawable value between two x; only values above zero count on a log axis. */
export function extentY(lines: readonly Line[], within: Extent, log: boolean): Extent | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { xs, ys } of lines) {
    for (let index = 0; index < xs.length; index += 1) {
      const y = ys[index]!;
      if (xs[index]! < within.low || xs[index]! > within.high || !Number.isFinite(y) || (log && y <= 0)) continue;
      if (y < low) low = y;
      if (y > high) high = y;
    }
  }
  return low <= high ? { low, high } : undefined;
}

/** Room above and below the data, so that a line does not touch the frame. */
export function padExtent({ low, high }: Extent, log: boolean): Extent {
  if (log) {
    const ratio = high > low ? (high / low) ** 0.06 : 2;
    return { low: low / ratio, high: high * ratio };
  }
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 1;
  return { low: low - room, high: high + room };
}

/** How many values cannot stand on a log axis. */
export function countNotPositive(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.ys.filter((value) => value <= 0).length, 0);
}

/** The steps to ask the server for, so that the points between two x of an axis are all there. */
export function stepsWithin(
  curves: readonly RawCurve[],
  axis: Axis,
  zoom: [number, number],
  origins: Map<string, number>,
): [number, number] | undefined {
  if (axis === "step") return [Math.floor(zoom[0]), Math.ceil(zoom[1])];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const curve of curves) {
    const { xs, steps } = toLine(curve, axis, origins.get(curve.run_id) ?? 0);
    const first = Math.max(0, xs.findIndex((x) => x >= zoom[0]) - 1);
    const after = xs.findIndex((x) => x > zoom[1]);
    const last = after === -1 ? xs.length - 1 : after;
    low = Math.min(low, steps[first] ?? low);
    high = Math.max(high, steps[last] ?? high);
  }
  return low <= high ? [low, high] : undefined;
}

/** Metric keys in groups by what stands before the last `/`; those without one come first, under an empty name. */
export function groupByPrefix(keys: readonly string[]): Array<{ prefix: string; keys: string[] }> {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const slash = key.lastIndexOf("/");
    const prefix = slash > 0 ? key.slice(0, slash) : "";
    groups.set(prefix, [...(groups.get(prefix) ?? []), key]);
  }
  const names = [...groups.keys()].sort((left, right) => weight(left) - weight(right) || (left < right ? -1 : 1));
  return names.map((prefix) => ({ prefix, keys: groups.get(prefix)!.sort() }));
}

function weight(prefix: string): number {
  if (prefix === "") return 0;
  return prefix === "system" || prefix.startsWith("system/") ? 2 : 1;
}
