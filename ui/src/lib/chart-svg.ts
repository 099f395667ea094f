import { type ChartLine, oddMark, stretches } from "./chart-lines";
import { dashOf, PALETTE } from "./colors";
import type { Extent } from "./curves";
import { formatNumber } from "./format";
import { logTicks, roundTicks } from "./ticks";

/** A chart as it is drawn on paper. */
export interface Drawn {
  title: string;
  lines: readonly ChartLine[];
  within: Extent;
  y: Extent;
  log: boolean;
  logX: boolean;
  xName: string;
  /** A place on the x axis as text. */
  xLabel: (value: number) => string;
}

const WIDTH = 960;
const PLOT = { left: 72, top: 44, width: WIDTH - 72 - 24, height: 400 };
const BOTTOM = PLOT.top + PLOT.height;
const LEGEND = { top: BOTTOM + 62, row: 20, columns: 3, most: 45 };
const INK = "#1A212B";
const MUTED = "#566170";
const GRID = "#E9ECF0";
const MARK = 4;
// Characters that XML has no place for: those of control, and halves of pairs.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function escaped(text: string): string {
  return text
    .replace(UNPRINTABLE, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

function element(name: string, attributes: Record<string, string | number>, inner = ""): string {
  const parts = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${parts.join("")}${inner ? `>${inner}</${name}>` : "/>"}`;
}

const px = (value: number): string => String(Math.round(value * 100) / 100);

function scale({ low, high }: Extent, log: boolean, from: number, to: number): (value: number) => number {
  const place = (value: number) => (log ? Math.log10(value) : value);
  const span = place(high) - place(low) || 1;
  return (value) => from + ((place(value) - place(low)) / span) * (to - from);
}

interface Scales {
  x: (value: number) => number;
  y: (value: number) => number;
  log: boolean;
  logX: boolean;
}

/** A chart as a vector drawing, for light paper: axes, lines, bands, marks, and a legend below. */
export function chartSvg(drawn: Drawn): string {
  const { title, lines, within, y, log, logX } = drawn;
  const scales: Scales = {
    x: scale(within, logX, PLOT.left, PLOT.left + PLOT.width),
    y: scale(y, log, BOTTOM, PLOT.top),
    log,
    logX,
  };
  const rows = Math.ceil(Math.min(lines.length, LEGEND.most + 1) / LEGEND.columns);
  const height = LEGEND.top + rows * LEGEND.row + 8;
  const clip = element(
    "clipPath",
    { id: "plot" },
    element("rect", { x: PLOT.left, y: PLOT.top, width: PLOT.width, height: PLOT.height }),
  );
  const body = [
    element("title", {}, escaped(title)),
    element("defs", {}, clip),
    element("rect", { width: WIDTH, height, fill: "#FFFFFF" }),
    text(title, { x: PLOT.left, y: 26, "font-size": 16, "font-weight": 600 }),
    axes(drawn, scales),
    element(
      "g",
      { "clip-path": "url(#plot)", fill: "none", "stroke-linejoin": "round" },
      lines.map((line) => lineOf(line, scales)).join(""),
    ),
    legend(lines),
  ];
  const head = {
    xmlns: "http://www.w3.org/2000/svg",
    width: WIDTH,
    height,
    viewBox: `0 0 ${WIDTH} ${height}`,
    "font-family": "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif",
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("svg", head, body.join("\n"))}\n`;
}

function text(inner: string, attributes: Record<string, string | number>): string {
  return element("text", { fill: INK, "font-size": 12, ...attributes }, escaped(inner) || " ");
}

function axes({ within, y, log, logX, xName, xLabel }: Drawn, scales: Scales): string {
  const across = (logX ? logTicks : roundTicks)(within.low, within.high, 6).map((tick) => {
    const x = px(scales.x(tick));
    const line = element("path", { d: `M${x} ${PLOT.top}V${BOTTOM}`, stroke: GRID });
    return line + text(xLabel(tick), { x, y: BOTTOM + 18, fill: MUTED, "text-anchor": "middle" });
  });
  const up = (log ? logTicks : roundTicks)(y.low, y.high, 6).map((tick) => {
    const top = px(scales.y(tick));
    const line = element("path", { d: `M${PLOT.left} ${top}H${PLOT.left + PLOT.width}`, stroke: GRID });
    return (
      line +
      text(formatNumber(tick), { x: PLOT.left - 8, y: px(scales.y(tick) + 4), fill: MUTED, "text-anchor": "end" })
    );
  });
  const name = text(xName, { x: PLOT.left + PLOT.width / 2, y: BOTTOM + 40, fill: MUTED, "text-anchor": "middle" });
  return [...across, ...up, name].join("\n");
}

function lineOf(line: ChartLine, scales: Scales): string {
  const color = PALETTE.light[line.hue.index]!;
  const looks = { stroke: color, "stroke-dasharray": dashOf(line.hue).join(" ") || "none" };
  const parts = [
    line.spread
      ? element("path", { d: bandPath(line, scales), fill: color, "fill-opacity": 0.18, stroke: "none" })
      : "",
    path(
      line,
      line.ys,
      scales,
      line.smoothed ? { ...looks, "stroke-width": 1.5, "stroke-opacity": 0.25 } : { ...looks, "stroke-width": 1.5 },
    ),
    line.smoothed ? path(line, line.smoothed, scales, { ...looks, "stroke-width": 2 }) : "",
    marks(line, scales, color),
  ];
  return element("g", {}, element("title", {}, escaped(line.name) || " ") + parts.join(""));
}

function path(line: ChartLine, ys: Float64Array, scales: Scales, looks: Record<string, string | number>): string {
  const { xs, scattered } = line;
  const place = (index: number) => `${px(scales.x(xs[index]!))} ${px(scales.y(ys[index]!))}`;
  const pieces = stretches(ys, scales.log).flatMap(([start, end]) => {
    const shown = between(start, end).filter((index) => !scales.logX || xs[index]! > 0);
    // A point that stands alone is a line without length, which a round end makes a dot.
    if (scattered || shown.length === 1) return shown.map((index) => `M${place(index)}h0`);
    return shown.map((index, at) => `${at > 0 ? "L" : "M"}${place(index)}`);
  });
  if (pieces.length === 0) return "";
  const width: Record<string, number> = scattered || xs.length === 1 ? { "stroke-width": 5 } : {};
  return element("path", { ...looks, d: pieces.join(""), "stroke-linecap": "round", ...width });
}

function between(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function bandPath({ xs, ys, spread }: ChartLine, { x, y, log, logX }: Scales): string {
  const top = (value: number) => (log && value <= 0 ? BOTTOM : y(value));
  return stretches(ys, log)
    .map(([start, end]) => {
      const shown = between(start, end).filter((index) => !logX || xs[index]! > 0);
      const along = (values: Float64Array, order: number[]) =>
        order.map((index) => `${px(x(xs[index]!))} ${px(top(values[index]!))}`);
      const places = [...along(spread!.high, shown), ...along(spread!.low, shown.toReversed())];
      return places.length > 0 ? `M${places.join("L")}Z` : "";
    })
    .join("");
}

function marks({ xs, ys }: ChartLine, { x, logX }: Scales, color: string): string {
  const pieces: string[] = [];
  ys.forEach((value, index) => {
    const mark = oddMark(value);
    if (!mark || (logX && xs[index]! <= 0)) return;
    const left = px(x(xs[index]!));
    if (mark === "nan")
      pieces.push(
        `M${left} ${BOTTOM - MARK}m-${MARK}-${MARK}l${2 * MARK} ${2 * MARK}m-${2 * MARK} 0l${2 * MARK}-${2 * MARK}`,
      );
    else if (mark === "up") pieces.push(`M${left} ${PLOT.top}l-${MARK} ${2 * MARK}h${2 * MARK}z`);
    else pieces.push(`M${left} ${BOTTOM}l-${MARK}-${2 * MARK}h${2 * MARK}z`);
  });
  return pieces.length > 0 ? element("path", { d: pieces.join(""), stroke: color, "stroke-width": 1.5 }) : "";
}

function legend(lines: readonly ChartLine[]): string {
  const width = PLOT.width / LEGEND.columns;
  const at = (place: number) => ({
    x: PLOT.left + (place % LEGEND.columns) * width,
    y: LEGEND.top + Math.floor(place / LEGEND.columns) * LEGEND.row,
  });
  const shown = lines.slice(0, LEGEND.most).map((line, place) => {
    const { x, y } = at(place);
    const looks = {
      stroke: PALETTE.light[line.hue.index]!,
      "stroke-width": 2,
      "stroke-dasharray": dashOf(line.hue).join(" ") || "none",
    };
    const name = line.name.length > 38 ? `${line.name.slice(0, 37)}…` : line.name;
    return element("path", { ...looks, d: `M${px(x)} ${y - 4}h20` }) + text(name, { x: px(x + 26), y });
  });
  const left = lines.length - shown.length;
  return [...shown, left > 0 ? text(`and ${left} more`, { ...at(shown.length), fill: MUTED }) : ""].join("\n");
}
