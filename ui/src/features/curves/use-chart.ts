import { useMemo } from "react";
import { useCurves } from "../../api/queries";
import { type Band, bandOf, edges } from "../../lib/bands";
import type { Panel } from "../../lib/board-layout";
import type { ChartLine } from "../../lib/chart-lines";
import type { ChartState } from "../../lib/chart-state";
import { countNotPositive, viewX, viewY } from "../../lib/chart-view";
import type { Axis, Extent, Line, RawCurve } from "../../lib/curves";
import { stepsWithin, zoomOf } from "../../lib/curves";
import type { FormulaError } from "../../lib/formula";
import { smooth } from "../../lib/smooth";
import type { DrawnGroup, DrawnRun } from "./runs";
import { useBandSets } from "./use-band-sets";
import { linesOf, type Source, useSource } from "./use-source";

/** How one chart is drawn; the rest of a board's state is about the board. */
export type Drawing = Pick<ChartState, "axis" | "log" | "logX" | "smoothing" | "zoom" | "clip" | "spread" | "ranges">;

/** What a reader of a chart has to know of what is not in it. */
export interface Notes {
  /** Points drawn, and points stored in the range shown. */
  drawn: number;
  stored: number;
  /** Values that are NaN or infinite. */
  odd: number;
  /** Values, and places, that a log axis has no room for. */
  notPositive: number;
  notPositiveX: number;
  /** Points without a value of the metric on the x axis. */
  unmatched: number;
  /** Points above or below what the y axis shows. */
  outside: number;
}

export interface Chart {
  lines: ChartLine[];
  /** What the axes show; undefined where there is no point at all. */
  view: { within: Extent; y: Extent } | undefined;
  /** The axis in force: groups are drawn by step. */
  axis: Axis;
  notes: Notes;
  problem: FormulaError | undefined;
  pending: boolean;
  error: Error | null;
  retry: () => void;
}

export interface ChartRequest {
  panel: Panel;
  runs: DrawnRun[];
  groups: DrawnGroup[] | undefined;
  drawing: Drawing;
  /** The metrics there are, for the names in formulas. */
  known: readonly string[];
  buckets: number;
  enabled: boolean;
  /** Curves kept from before, which are then drawn as they are. */
  frozen?: RawCurve[] | undefined;
}

const NONE: RawCurve[] = [];
/** As exact as a picture of many curves needs; one alone keeps every digit. */
const DIGITS_OF_MANY = 7;

/** One chart of some runs, or of groups of them; a part zoomed to is read again, so that it shows what is stored there. */
export function useChart(asked: ChartRequest): Chart {
  const { panel, groups, known } = asked;
  const axis: Axis = groups ? "step" : asked.drawing.axis;
  const drawing = useMemo(() => ({ ...asked.drawing, zoom: zoomOf(axis, asked.drawing.zoom) }), [asked.drawing, axis]);
  const request = { ...asked, drawing };
  const source = useSource(panel, axis, known);
  const summedUp = groups !== undefined && source.formula === undefined && request.frozen === undefined;
  const curves = useLines({ ...request, enabled: request.enabled && !summedUp }, source, axis);
  const bands = useBandSets({ ...request, groups: summedUp ? groups : undefined });
  const lines = useMemo(() => {
    if (!groups) return runLines(curves.lines, request.runs, drawing.smoothing);
    const own = (group: DrawnGroup) => curves.lines.filter((line) => group.runIds.includes(line.runId));
    const sets = summedUp ? bands.sets : groups.map((group) => ({ group, band: bandOf(own(group)) }));
    return sets.filter(({ band }) => band.runs > 0).map(({ group, band }) => groupLine(group, band, drawing));
  }, [curves.lines, bands.sets, groups, request.runs, drawing, summedUp]);
  const view = useMemo(() => viewOf(lines, panel.id, drawing), [lines, panel.id, drawing]);
  const active = summedUp ? bands : curves;
  return {
    lines,
    view,
    axis,
    notes: {
      ...(summedUp ? bands.counts : countsOf(curves.lines)),
      notPositive: drawing.log ? countNotPositive(lines.map((line) => line.ys)) : 0,
      notPositiveX: drawing.logX ? countNotPositive(lines.map((line) => line.xs)) : 0,
      outside: view?.outside ?? 0,
    },
    problem: source.problem,
    pending: active.pending,
    error: active.error,
    retry: active.retry,
  };
}

function useLines({ runs, drawing, buckets, enabled, frozen }: ChartRequest, source: Source, axis: Axis) {
  const { zoom } = drawing;
  const runIds = useMemo(() => runs.map((run) => run.id), [runs]);
  const { keys } = source;
  const asked = {
    runIds,
    keys,
    buckets,
    joined: keys.length > 1,
    times: axis === "relative" || axis === "wall",
    digits: runs.length > 1 ? DIGITS_OF_MANY : undefined,
  };
  const reads = enabled && keys.length > 0 && frozen === undefined;
  const whole = useCurves({ ...asked, enabled: reads });
  const curves = frozen ?? whole.data ?? NONE;
  const all = useMemo(() => linesOf(curves, source, axis, runs), [curves, source, axis, runs]);
  const thinned = all.some((line) => line.count > line.xs.length + line.unmatched);
  const steps = useMemo(() => (zoom && thinned ? stepsWithin(all, axis, zoom) : undefined), [all, axis, zoom, thinned]);
  const part = useCurves({ ...asked, steps, enabled: reads && steps !== undefined });
  const fresh = steps ? part.data : undefined;
  const lines = useMemo(() => (fresh ? linesOf(fresh, source, axis, runs) : all), [fresh, all, source, axis, runs]);
  return {
    lines,
    pending: reads && whole.data === undefined && !whole.error,
    error: whole.data ? null : whole.error,
    retry: () => void whole.refetch(),
  };
}

function countsOf(lines: readonly Line[]) {
  const sum = (read: (line: Line) => number) => lines.reduce((total, line) => total + read(line), 0);
  const unmatched = sum((line) => line.unmatched);
  return {
    drawn: sum((line) => line.xs.length) + unmatched,
    stored: sum((line) => line.count),
    odd: sum((line) => line.gaps),
    unmatched,
  };
}

export function runLines(lines: readonly Line[], runs: readonly DrawnRun[], smoothing: number): ChartLine[] {
  const known = new Map(runs.map((run) => [run.id, run]));
  return lines.map((line): ChartLine => {
    const { name, hue } = known.get(line.runId)!;
    const { runId: id, xs, ys, steps, scattered } = line;
    const smoothed = smoothing > 0 && !scattered ? smooth(ys, smoothing) : undefined;
    return { id, name, runIds: [id], hue, xs, ys, steps, scattered, smoothed, spread: undefined };
  });
}

export function groupLine(group: DrawnGroup, band: Band, { smoothing, spread }: Drawing): ChartLine {
  const { steps, means, deviations, counts } = band;
  const sides = spread === "none" ? { low: means, high: means } : edges(band, spread);
  return {
    id: group.key,
    name: group.label,
    runIds: group.runIds,
    hue: group.hue,
    xs: steps,
    ys: means,
    steps,
    scattered: false,
    smoothed: smoothing > 0 ? smooth(means, smoothing) : undefined,
    spread: { ...sides, deviations, counts },
  };
}

export function viewOf(lines: readonly ChartLine[], id: string, { log, logX, clip, zoom, ranges }: Drawing) {
  const within = viewX(lines, zoom, logX);
  if (!within) return undefined;
  const around = lines.flatMap(({ xs, smoothed, spread }) => [
    ...(smoothed ? [{ xs, ys: smoothed }] : []),
    ...(spread
      ? [
          { xs, ys: spread.low },
          { xs, ys: spread.high },
        ]
      : []),
  ]);
  const { extent, outside } = viewY(lines, { within, log, clip, range: ranges[id] }, around);
  return { within, y: extent, outside };
}
