import type uPlot from "uplot";
import type { ChartLine } from "./line-chart";

const FAINT = 0.25;
const MOST_WITH_DOTS = 40;

/** Paint lines over the chart's canvas. Values that are not finite, or not positive on a log axis, leave a gap. */
export function drawLines(chart: uPlot, lines: readonly ChartLine[], log: boolean): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineJoin = "round";
  for (const { line, smoothed, color, dash } of lines) {
    ctx.strokeStyle = color;
    ctx.fillStyle = color;
    ctx.globalAlpha = smoothed ? FAINT : 1;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash(smoothed ? [] : dash.map((length) => length * devicePixelRatio));
    trace(chart, line.xs, line.ys, log);
    if (!smoothed) continue;
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
    trace(chart, line.xs, smoothed, log);
  }
  ctx.restore();
}

function trace(chart: uPlot, xs: Float64Array, ys: Float64Array, log: boolean): void {
  const { ctx } = chart;
  const x = mapping(chart, "x", false);
  const y = mapping(chart, "y", log);
  const dots: Array<[number, number]> = [];
  ctx.beginPath();
  let open = false;
  for (let index = 0; index < xs.length; index += 1) {
    const value = ys[index]!;
    if (!Number.isFinite(value) || (log && value <= 0)) {
      open = false;
      continue;
    }
    const left = x(xs[index]!);
    const top = y(value);
    if (open) ctx.lineTo(left, top);
    else ctx.moveTo(left, top);
    open = true;
    if (xs.length <= MOST_WITH_DOTS || !Number.isFinite(ys[index + 1] ?? 0)) dots.push([left, top]);
  }
  ctx.stroke();
  for (const [left, top] of dots) {
    ctx.beginPath();
    ctx.arc(left, top, 2.2 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** From a value to its place on the canvas; computed once a line, as `valToPos` is slow for thousands of points. */
function mapping(chart: uPlot, scale: "x" | "y", log: boolean): (value: number) => number {
  const { min = 0, max = 1 } = chart.scales[scale] as { min?: number; max?: number };
  const { left, top, width, height } = chart.bbox;
  const place = (value: number) => (log ? Math.log10(value) : value);
  const low = place(min);
  const span = place(max) - low || 1;
  if (scale === "x") return (value) => left + ((value - low) / span) * width;
  return (value) => top + height - ((place(value) - low) / span) * height;
}
