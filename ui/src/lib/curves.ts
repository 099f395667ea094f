import { type Cell, compareText, toNumber } from "./cells";

/** What stands on the x axis: the step, seconds since the run's start, the time, or another metric at the same step. */
export type Axis = "step" | "relative" | "wall" | `metrics.${string}`;

const METRIC = "metrics.";

/** The metric on an x axis; undefined for the others. */
export function axisMetric(axis: Axis): string | undefined {
  return axis.startsWith(METRIC) ? axis.slice(METRIC.length) : undefined;
}

/** A metric of a run as the server sends it. */
export interface RawCurve {
  run_id: string;
  key: string;
  count: number;
  steps: number[];
  timestamps: number[];
  values: Cell[];
}

/** A curve made ready for drawing: `xs` in steps, seconds or what the metric on the axis counts, ascending. */
export interface Line {
  runId: string;
  xs: Float64Array;
  ys: Float64Array;
  steps: Float64Array;
  /** Points stored in the range; more than `xs.length` where the curve was thinned. */
  count: number;
  /** Values that are NaN or infinite, which leave a gap. */
  gaps: number;
  /** Points left out, as the metric on the x axis has no value at their step. */
  unmatched: number;
  /** Whether x goes back and forth by step, so that a line from point to point would tell nothing. */
  scattered: boolean;
}

/**
 * A curve placed on an axis; `origin` is the run's start in milliseconds, for times relative to it, and `others` the
 * values by step of the metric on the axis.
 */
export function toLine(curve: RawCurve, axis: Axis, origin: number, others?: ReadonlyMap<number, number>): Line {
  const values = Float64Array.from(curve.values, (value) => toNumber(value) ?? Number.NaN);
  const steps = Float64Array.from(curve.steps);
  const placed = { xs: positions(curve, axis, origin, others), ys: values, steps };
  const { xs, ys, ...rest } = axisMetric(axis) === undefined ? placed : matched(placed);
  const line = {
    runId: curve.run_id,
    xs,
    ys,
    steps: rest.steps,
    count: curve.count,
    gaps: ys.reduce((gaps, value) => gaps + (Number.isFinite(value) ? 0 : 1), 0),
    unmatched: values.length - ys.length,
    scattered: axisMetric(axis) !== undefined && !isAscending(xs),
  };
  return axis === "step" ? line : sortByX(line);
}

function positions(
  curve: RawCurve,
  axis: Axis,
  origin: number,
  others: ReadonlyMap<number, number> | undefined,
): Float64Array {
  if (axis === "step") return Float64Array.from(curve.steps);
  if (axis !== "relative" && axis !== "wall") {
    return Float64Array.from(curve.steps, (step) => others?.get(step) ?? Number.NaN);
  }
  const zero = axis === "relative" ? origin : 0;
  return Float64Array.from(curve.timestamps, (time) => (time - zero) / 1000);
}

/** The points that have a place on the axis. */
function matched(line: Pick<Line, "xs" | "ys" | "steps">): Pick<Line, "xs" | "ys" | "steps"> {
  const has = (_: number, index: number) => Number.isFinite(line.xs[index]);
  return { xs: line.xs.filter(has), ys: line.ys.filter(has), steps: line.steps.filter(has) };
}

function isAscending(xs: Float64Array): boolean {
  return xs.every((x, index) => index === 0 || xs[index - 1]! <= x);
}

function sortByX<Part extends Pick<Line, "xs" | "ys" | "steps">>(line: Part): Part {
  if (isAscending(line.xs)) return line;
  const rows = [...line.xs.keys()].sort((left, right) => line.xs[left]! - line.xs[right]!);
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  return { ...line, xs: pick(line.xs), ys: pick(line.ys), steps: pick(line.steps) };
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

/** The part of the x axis to show: by step at least one whole step, as there is nothing between two. */
export function zoomOf(axis: Axis, zoom: [number, number] | undefined): [number, number] | undefined {
  if (!zoom || axis !== "step" || zoom[1] - zoom[0] >= 1) return zoom;
  return [Math.floor(zoom[0]), Math.floor(zoom[0]) + 1];
}

/** The steps to ask the server for, so that the points of lines between two x, and one on either side, are all there. */
export function stepsWithin(lines: readonly Line[], axis: Axis, zoom: [number, number]): [number, number] | undefined {
  if (axis === "step") return [Math.floor(zoom[0]), Math.ceil(zoom[1])];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { xs, steps } of lines) {
    const start = xs.findIndex((x) => x >= zoom[0]);
    const after = xs.findIndex((x) => x > zoom[1]);
    const first = start === -1 ? xs.length : start;
    const around = steps.subarray(Math.max(0, first - 1), after === -1 ? xs.length : after + 1);
    for (const step of around) {
      if (step < low) low = step;
      if (step > high) high = step;
    }
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
  const names = [...groups.keys()].sort((left, right) => weight(left) - weight(right) || compareText(left, right));
  return names.map((prefix) => ({ prefix, keys: groups.get(prefix)!.sort(compareText) }));
}

function weight(prefix: string): number {
  if (prefix === "") return 0;
  return prefix === "system" || prefix.startsWith("system/") ? 2 : 1;
}
