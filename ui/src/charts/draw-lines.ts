import type uPlot from "uplot";
import { type ChartLine, oddMark, stretches } from "../lib/chart-lines";
import { dashOf } from "../lib/colors";

const FAINT = 0.25;
const BAND = 0.18;
const MOST_WITH_DOTS = 40;
const DOT = 2.2;
const MARK = 3.5;
/** Among more lines than have a look of their own, density tells more than single lines do. */
const MOST_STRONG = 24;

interface Looks {
  width: number;
  alpha: number;
  dashed: boolean;
}

const STRONG: Looks = { width: 1.5, alpha: 1, dashed: true };
const CROWDED: Looks = { width: 1, alpha: 0.4, dashed: false };
const STANDING: Looks = { width: 2.25, alpha: 1, dashed: true };

export interface Scales {
  log: boolean;
  logX: boolean;
}

interface Places extends Scales {
  ctx: CanvasRenderingContext2D;
  x: (value: number) => number;
  y: (value: number) => number;
  top: number;
  bottom: number;
  unit: number;
}

/** Paint lines over the chart's canvas. Values that are not finite leave a gap and a mark at the edge. */
export function drawLines(chart: uPlot, lines: readonly ChartLine[], colors: readonly string[], scales: Scales): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const places = placesOf(chart, ctx, scales);
  lines.forEach((line, index) => {
    if (line.spread) fillBand(places, line, colors[index]!);
  });
  const looks = lines.length > MOST_STRONG ? CROWDED : STRONG;
  lines.forEach((line, index) => {
    drawLine(places, line, colors[index]!, looks);
  });
  ctx.restore();
}

/** Paint a veil over all lines, and those that stand out above it, on a layer of its own. */
export function drawStanding(
  chart: uPlot,
  layer: HTMLCanvasElement,
  standing: ReadonlyArray<{ line: ChartLine; color: string }>,
  { veil, ...scales }: Scales & { veil: string },
): void {
  const { bbox } = chart;
  layer.width = bbox.width;
  layer.height = bbox.height;
  const ctx = layer.getContext("2d");
  if (!ctx || standing.length === 0) return;
  ctx.globalAlpha = 0.72;
  ctx.fillStyle = veil;
  ctx.fillRect(0, 0, bbox.width, bbox.height);
  ctx.translate(-bbox.left, -bbox.top);
  const places = placesOf(chart, ctx, scales);
  for (const { line, color } of standing) {
    if (line.spread) fillBand(places, line, color);
    drawLine(places, line, color, STANDING);
  }
}

function placesOf(chart: uPlot, ctx: CanvasRenderingContext2D, { log, logX }: Scales): Places {
  const { top, height } = chart.bbox;
  ctx.lineJoin = "round";
  return {
    ctx,
    log,
    logX,
    x: mapping(chart, "x", logX),
    y: mapping(chart, "y", log),
    top,
    bottom: top + height,
    unit: devicePixelRatio,
  };
}

function drawLine(places: Places, line: ChartLine, color: string, looks: Looks): void {
  const { ctx, unit } = places;
  const dash = looks.dashed ? dashOf(line.hue).map((length) => length * unit) : [];
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.globalAlpha = looks.alpha * (line.smoothed ? FAINT : 1);
  ctx.lineWidth = looks.width * unit;
  ctx.setLineDash(line.smoothed ? [] : dash);
  trace(places, line, line.ys);
  if (line.smoothed) {
    ctx.globalAlpha = looks.alpha;
    ctx.lineWidth = (looks.width + 0.5) * unit;
    ctx.setLineDash(dash);
    trace(places, line, line.smoothed);
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  markOdd(places, line);
}

function trace(places: Places, { xs, scattered }: ChartLine, ys: Float64Array): void {
  const { ctx, x, y, log, logX } = places;
  const dots: number[] = [];
  ctx.beginPath();
  for (const [start, end] of stretches(ys, log)) {
    let from = start;
    while (logX && from < end && xs[from]! <= 0) from += 1;
    for (let index = from; index < end; index += 1) {
      if (index === from || scattered) ctx.moveTo(x(xs[index]!), y(ys[index]!));
      else ctx.lineTo(x(xs[index]!), y(ys[index]!));
    }
    const dotted = scattered || ys.length <= MOST_WITH_DOTS || end - from === 1;
    for (let index = from; dotted && index < end; index += 1) dots.push(index);
  }
  ctx.stroke();
  paintDots(places, dots, xs, ys);
}

function paintDots({ ctx, x, y, unit }: Places, dots: readonly number[], xs: Float64Array, ys: Float64Array): void {
  ctx.beginPath();
  for (const index of dots) {
    const [left, top] = [x(xs[index]!), y(ys[index]!)];
    ctx.moveTo(left + DOT * unit, top);
    ctx.arc(left, top, DOT * unit, 0, 2 * Math.PI);
  }
  ctx.fill();
}

/** NaN as a cross and -∞ as a triangle at the bottom edge, ∞ as a triangle at the top, each at its place on the x axis. */
function markOdd({ ctx, x, top, bottom, unit, logX }: Places, { xs, ys }: ChartLine): void {
  const size = MARK * unit;
  ctx.lineWidth = 1.5 * unit;
  for (let index = 0; index < ys.length; index += 1) {
    const mark = oddMark(ys[index]!);
    if (!mark || (logX && xs[index]! <= 0)) continue;
    const left = x(xs[index]!);
    ctx.beginPath();
    if (mark === "nan") {
      const middle = bottom - size - unit;
      ctx.moveTo(left - size, middle - size);
      ctx.lineTo(left + size, middle + size);
      ctx.moveTo(left - size, middle + size);
      ctx.lineTo(left + size, middle - size);
      ctx.stroke();
      continue;
    }
    const [edge, base] =
      mark === "up" ? [top + unit, top + unit + 2 * size] : [bottom - unit, bottom - unit - 2 * size];
    ctx.moveTo(left, edge);
    ctx.lineTo(left - size, base);
    ctx.lineTo(left + size, base);
    ctx.fill();
  }
}

function fillBand({ ctx, x, y, log, logX, bottom }: Places, { xs, ys, spread }: ChartLine, color: string): void {
  if (!spread) return;
  const { low, high } = spread;
  const floor = (value: number) => (log && value <= 0 ? bottom : y(value));
  ctx.fillStyle = color;
  ctx.globalAlpha = BAND;
  ctx.beginPath();
  for (const [start, end] of stretches(ys, log)) {
    const shown = Array.from({ length: end - start }, (_, index) => start + index).filter(
      (index) => !logX || xs[index]! > 0,
    );
    shown.forEach((index, place) => {
      if (place === 0) ctx.moveTo(x(xs[index]!), floor(high[index]!));
      else ctx.lineTo(x(xs[index]!), floor(high[index]!));
    });
    for (const index of shown.reverse()) ctx.lineTo(x(xs[index]!), floor(low[index]!));
    ctx.closePath();
  }
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** From a value to its place on the canvas; computed once a line, as `valToPos` is slow for thousands of points. */
function mapping(chart: uPlot, scale: "x" | "y", log: boolean): (value: number) => number {
  const { min = 0, max = 1 } = chart.scales[scale] as { min?: number; max?: number };
  const { left, top, width, height } = chart.bbox;
  const place = (value: number) => (log ? Math.log10(value) : value);
  const low = place(min);
  const span = place(max) - low || 1;
  if (scale === "x") return (value) => left + ((place(value) - low) / span) * width;
  return (value) => top + height - ((place(value) - low) / span) * height;
}
