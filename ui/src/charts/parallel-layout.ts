import type { AxisTick, PlotAxis } from "../lib/plot-axes";
import { roundBetween, valueAt } from "../lib/plot-axes";
import type { Wanted } from "../lib/ranges";
import type { Lines } from "../lib/raster";

export const TOP = 10;
const BOTTOM = 12;
const MISSING_ROOM = 26;
const EDGE = 24;
const NARROWEST = 108;
const LABEL_HEIGHT = 13;

/** Where axes and lines stand, in pixels. */
export interface ParallelLayout {
  width: number;
  height: number;
  /** The ends of every axis: the far one (1) above the near one (0). */
  top: number;
  bottom: number;
  /** Where runs without a value pass; undefined where every run has all values. */
  missing: number | undefined;
  lines: Lines;
}

/** Axes side by side in a box, never closer than labels need: the chart then scrolls. */
export function layParallel(axes: readonly PlotAxis[], box: { width: number; height: number }): ParallelLayout {
  const width = Math.max(box.width, NARROWEST * (axes.length - 1) + 2 * EDGE);
  const gap = axes.length > 1 ? (width - 2 * EDGE) / (axes.length - 1) : 0;
  const some = axes.some((axis) => axis.missing > 0);
  const bottom = box.height - BOTTOM - (some ? MISSING_ROOM : 0);
  const missing = some ? box.height - BOTTOM : undefined;
  const ys = axes.map((axis) =>
    axis.places.map((place) => (Number.isNaN(place) ? (missing ?? bottom) : bottom - place * (bottom - TOP))),
  );
  return {
    width,
    height: box.height,
    top: TOP,
    bottom,
    missing,
    lines: { xs: axes.map((_, at) => EDGE + at * gap), ys },
  };
}

/** Ticks that have room for their label; of many categories every so many are named. */
export function readableTicks(ticks: readonly AxisTick[], length: number): AxisTick[] {
  const every = Math.max(1, Math.ceil((ticks.length * LABEL_HEIGHT) / Math.max(1, length)));
  return ticks.filter((_, at) => at % every === 0);
}

/** What a stretch of an axis, between two places from 0 to 1, asks for. */
export function wantedBetween(axis: PlotAxis, from: number, to: number): Wanted {
  const [low, high] = from < to ? [from, to] : [to, from];
  if (axis.kind === "category") {
    return { values: axis.ticks.filter((tick) => tick.place >= low && tick.place <= high).map((tick) => tick.label) };
  }
  const ends = [low, high].map((place) => {
    const value = valueAt(axis, Math.min(1, Math.max(0, place)));
    return snapped(place > 0 && place < 1 ? roundBetween(value, axis.low, axis.high) : value, axis);
  });
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** The ends of an axis are its extremes to the last digit, whatever the way through a logarithm made of them. */
function snapped(value: number, { low, high }: PlotAxis): number {
  const near = (end: number) => Math.abs(value - end) <= 1e-9 * Math.max(Math.abs(end), high - low);
  return near(low) ? low : near(high) ? high : value;
}

/** The places between which an axis is wanted; undefined where it has no place for it. */
export function placesOf(axis: PlotAxis, wanted: Wanted): Array<[number, number]> {
  if ("values" in wanted) {
    const half = axis.categories.length > 1 ? 0.35 / (axis.categories.length - 1) : 0.2;
    return axis.ticks
      .filter((tick) => wanted.values.includes(tick.label))
      .map((tick) => [Math.max(-0.02, tick.place - half), Math.min(1.02, tick.place + half)]);
  }
  const ends = [wanted.low, wanted.high].map((value) => placeOfValue(axis, value));
  return [[Math.min(...ends), Math.max(...ends)]];
}

function placeOfValue(axis: PlotAxis, value: number): number {
  const bounded = Math.min(axis.high, Math.max(axis.low, value));
  const scale = (one: number) => (axis.log ? Math.log10(one) : one);
  const span = scale(axis.high) - scale(axis.low);
  const share = span > 0 ? (scale(bounded) - scale(axis.low)) / span : 0.5;
  return axis.choice.flipped ? 1 - share : share;
}
