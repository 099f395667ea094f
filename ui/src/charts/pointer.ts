import type uPlot from "uplot";
import { type ChartLine, nearestLine } from "../lib/chart-lines";
import { PALETTE } from "../lib/colors";
import { nearest } from "../lib/curves";
import { highlight } from "../lib/highlight";
import type { Theme } from "../lib/theme";
import { drawStanding } from "./draw-lines";
import type { LineChartProps } from "./line-chart";

const REACH = 24;
const MOST_DOTS = 12;

/** What follows the pointer over a chart: dots on its lines, the reading at its place, the line that stands out. */
export interface Pointer {
  start: (chart: uPlot) => void;
  move: (chart: uPlot) => void;
  /** Let the lines of some runs stand out. */
  stand: (chart: uPlot, runIds: readonly string[]) => void;
}

export function pointerOf(latest: { current: LineChartProps }, theme: Theme): Pointer {
  const dots: HTMLElement[] = [];
  const layer = document.createElement("canvas");
  layer.className = "chart-standing";
  const colorOf = (line: ChartLine) => PALETTE[theme][line.hue.index]!;
  const dotAt = (chart: uPlot, index: number): HTMLElement => {
    const known = dots[index];
    if (known) return known;
    const dot = document.createElement("span");
    dot.className = "chart-dot";
    chart.over.append(dot);
    dots[index] = dot;
    return dot;
  };
  const topAt = (chart: uPlot, line: ChartLine, x: number): number | undefined => {
    const value = (line.smoothed ?? line.ys)[nearest(line.xs, x)];
    if (value === undefined || !Number.isFinite(value)) return undefined;
    return chart.valToPos(value, "y");
  };
  const start = (chart: uPlot) => {
    chart.over.append(layer);
    chart.over.addEventListener("mousemove", () => {
      const { left = -1, top = -1 } = chart.cursor;
      const { lines } = latest.current;
      if (left < 0 || lines.length < 2) return;
      const x = chart.posToVal(left, "x");
      highlight(nearestLine(lines, (line) => topAt(chart, line, x), top, REACH)?.runIds);
    });
    chart.over.addEventListener("mouseleave", () => highlight());
  };
  const move = (chart: uPlot) => {
    const left = chart.cursor.left ?? -1;
    const x = left < 0 ? undefined : chart.posToVal(left, "x");
    latest.current.onCursor(x);
    for (const dot of dots) dot.hidden = true;
    if (x === undefined || latest.current.lines.length > MOST_DOTS) return;
    latest.current.lines.forEach((line, index) => {
      const top = topAt(chart, line, x);
      if (top === undefined) return;
      const dot = dotAt(chart, index);
      dot.hidden = false;
      dot.style.backgroundColor = colorOf(line);
      dot.style.transform = `translate(${chart.valToPos(line.xs[nearest(line.xs, x)]!, "x")}px, ${top}px)`;
    });
  };
  const stand = (chart: uPlot, runIds: readonly string[]) => {
    const { lines, log, logX } = latest.current;
    const wanted = new Set(runIds);
    const found = lines.length > 1 ? lines.filter((line) => line.runIds.some((id) => wanted.has(id))) : [];
    layer.hidden = found.length === 0;
    const veil = getComputedStyle(document.documentElement).getPropertyValue("--raised").trim();
    const standing = found.map((line) => ({ line, color: colorOf(line) }));
    if (!layer.hidden) drawStanding(chart, layer, standing, { log, logX, veil });
  };
  return { start, move, stand };
}
