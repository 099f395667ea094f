import "./locale";
import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { type Extent, extentY, type Line, nearest, padExtent } from "../lib/curves";
import { formatCount, formatDuration, formatNumber } from "../lib/format";
import { useTheme } from "../lib/theme";
import type { Axis } from "../lib/url-state";
import { drawLines } from "./draw-lines";

/** A line with its looks. */
export interface ChartLine {
  line: Line;
  /** What is drawn strong over the values as logged, which then stand faint behind; undefined to draw those alone. */
  smoothed: Float64Array | undefined;
  color: string;
  dash: readonly number[];
}

interface Props {
  lines: ChartLine[];
  axis: Axis;
  log: boolean;
  /** What the x axis shows. */
  within: Extent;
  height: number;
  /** Charts with the same key share their cursor. */
  syncKey: string;
  label: string;
  onZoom: (range: [number, number] | undefined) => void;
  onCursor: (x: number | undefined) => void;
}

const FONT = "11px system-ui, sans-serif";
const SMALLEST_DRAG = 6;

/** Curves on a canvas: drag to zoom, double click to see everything again. */
export default function LineChart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();
  const { axis, log, syncKey, lines, within, height } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme needs another chart, as axes keep colours
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = new uPlot(chartOptions(element, latest), emptyData(latest.current.within), element);
    chart.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === made.width) return; // it tells the first size too, which costs a second drawing
      made.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [axis, log, syncKey, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart reads the lines by itself when it is redrawn
  useEffect(() => {
    const made = chart.current;
    if (!made) return;
    if (made.height !== height) made.setSize({ width: made.width, height });
    rescale(made, latest.current);
  }, [lines, within, height, axis, log, syncKey, theme]);
  return <div ref={box} className="line-chart" style={{ height }} role="img" aria-label={props.label} />;
}

function emptyData(within: Extent): uPlot.AlignedData {
  return [
    [within.low, within.high],
    [null, null],
  ];
}

function rescale(chart: uPlot, { lines, within, log }: Props): void {
  const present = lines.map(({ line, smoothed }) => (smoothed ? { ...line, ys: smoothed } : line));
  const raw = lines.map(({ line }) => line);
  const y = extentY([...present, ...raw], within, log) ?? { low: log ? 0.1 : 0, high: 1 };
  const padded = padExtent(y, log);
  chart.batch(() => {
    chart.setData(emptyData(within), false);
    chart.setScale("x", { min: within.low, max: within.high });
    chart.setScale("y", { min: padded.low, max: padded.high });
  });
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function chartOptions(element: HTMLElement, latest: { current: Props }): uPlot.Options {
  const { axis, log, syncKey, height } = latest.current;
  const looks = {
    stroke: token("--muted"),
    font: FONT,
    grid: { stroke: token("--grid-line"), width: 1 },
    ticks: { stroke: token("--border"), width: 1, size: 4 },
  };
  const readout = cursorReadout(latest);
  const showWhole = () => {
    latest.current.onZoom(undefined);
    return null;
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    padding: [8, 24, 0, 0],
    scales: {
      x: { time: axis === "wall", auto: false },
      y: { auto: false, distr: log ? 3 : 1 },
    },
    series: [{}, { points: { show: false }, paths: () => null }],
    axes: [
      { ...looks, size: 26, gap: 4, space: 70, ...(axis === "wall" ? {} : { values: xLabels(axis) }) },
      {
        ...looks,
        gap: 4,
        size: yAxisSize,
        values: (_, ticks) => ticks.map((tick) => (tick === null || (log && !isRound(tick)) ? "" : formatNumber(tick))),
      },
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      sync: { key: syncKey, scales: ["x", null] },
      bind: { dblclick: () => showWhole },
    },
    hooks: {
      draw: [(chart) => drawLines(chart, latest.current.lines, latest.current.log)],
      ready: [readout.start],
      setCursor: [readout.move],
      setSelect: [(chart) => zoomTo(chart, latest.current)],
    },
  };
}

function xLabels(axis: Axis): (chart: uPlot, ticks: number[]) => string[] {
  if (axis === "relative") return (_, ticks) => ticks.map((tick) => (tick === 0 ? "0" : signedDuration(tick)));
  return (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatCount(tick) : ""));
}

/** Whether a tick of a log axis is 1, 2 or 5 times a power of ten; the others would crowd it. */
function isRound(tick: number): boolean {
  return [1, 2, 5].includes(Number((tick / 10 ** Math.floor(Math.log10(tick))).toPrecision(6)));
}

function signedDuration(seconds: number): string {
  return seconds < 0 ? `−${formatDuration(-seconds * 1000)}` : formatDuration(seconds * 1000);
}

function yAxisSize(_: uPlot, labels: string[] | null): number {
  const longest = Math.max(3, ...(labels ?? []).map((label) => label.length));
  return longest * 6.5 + 14;
}

function zoomTo(chart: uPlot, { onZoom }: Props): void {
  const { left, width } = chart.select;
  if (width < SMALLEST_DRAG) return;
  const range: [number, number] = [chart.posToVal(left, "x"), chart.posToVal(left + width, "x")];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(range);
}

/** Tells where the cursor stands, and puts a dot on each line there. */
function cursorReadout(latest: { current: Props }) {
  const dots: HTMLElement[] = [];
  let layer: HTMLElement | undefined;
  const dotAt = (index: number): HTMLElement | undefined => {
    if (!dots[index] && layer) {
      const dot = document.createElement("span");
      dot.className = "chart-dot";
      layer.append(dot);
      dots[index] = dot;
    }
    return dots[index];
  };
  const move = (chart: uPlot) => {
    const left = chart.cursor.left ?? -1;
    const x = left < 0 ? undefined : chart.posToVal(left, "x");
    latest.current.onCursor(x);
    for (const dot of dots) dot.hidden = true;
    if (x === undefined) return;
    latest.current.lines.forEach(({ line, smoothed, color }, index) => {
      const at = nearest(line.xs, x);
      const y = (smoothed ?? line.ys)[at] ?? Number.NaN;
      const dot = dotAt(index);
      if (!dot || !Number.isFinite(y)) return;
      dot.hidden = false;
      dot.style.backgroundColor = color;
      dot.style.transform = `translate(${chart.valToPos(line.xs[at]!, "x")}px, ${chart.valToPos(y, "y")}px)`;
    });
  };
  return {
    start: (chart: uPlot) => {
      layer = chart.over;
    },
    move,
  };
}
