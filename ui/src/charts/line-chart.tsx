import "./locale";
import "uplot/dist/uPlot.min.css";
import { type KeyboardEvent, useEffect, useRef } from "react";
import uPlot from "uplot";
import type { ChartLine } from "../lib/chart-lines";
import { PALETTE } from "../lib/colors";
import type { Axis, Extent } from "../lib/curves";
import { formatNumber } from "../lib/format";
import { useHighlighted } from "../lib/highlight";
import { type Theme, useTheme } from "../lib/theme";
import { isRound, placeLabel } from "./axes";
import { drawLines } from "./draw-lines";
import { type Pointer, pointerOf } from "./pointer";

export interface LineChartProps {
  lines: ChartLine[];
  axis: Axis;
  log: boolean;
  logX: boolean;
  /** What the axes show. */
  within: Extent;
  y: Extent;
  height: number;
  /** Charts with the same key share their cursor. */
  syncKey: string;
  label: string;
  onZoom: (range: [number, number] | undefined) => void;
  onCursor: (x: number | undefined) => void;
}

const FONT = "11px system-ui, sans-serif";
const SMALLEST_DRAG = 6;
const KEY_STEP = 0.02;
const KEY_ZOOM = 0.5;

/** Curves on a canvas: drag to zoom, double click to see everything again; arrows move the cursor, + and - zoom. */
export default function LineChart(props: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const pointer = useRef<Pointer>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();
  const standing = useHighlighted();
  const { axis, log, logX, syncKey, lines, within, y, height } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme needs another chart, as axes keep colours
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    pointer.current = pointerOf(latest, theme);
    const options = chartOptions(element, latest, theme, pointer.current);
    const made = new uPlot(options, emptyData(latest.current.within), element);
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
  }, [axis, log, logX, syncKey, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart reads the lines by itself when it is redrawn
  useEffect(() => {
    const made = chart.current;
    if (!made) return;
    if (made.height !== height) made.setSize({ width: made.width, height });
    rescale(made, latest.current);
  }, [lines, within, y, height, axis, log, logX, syncKey, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands out lies on another layer, drawn anew with the lines
  useEffect(() => {
    if (chart.current) pointer.current?.stand(chart.current, standing);
  }, [standing, lines, within, y, height, axis, log, logX, theme]);
  return (
    <div
      ref={box}
      className="line-chart"
      style={{ height }}
      role="img"
      tabIndex={0}
      aria-label={props.label}
      onKeyDown={(event) => chart.current && onKey(event, chart.current, latest.current)}
    />
  );
}

function emptyData(within: Extent): uPlot.AlignedData {
  return [
    [within.low, within.high],
    [null, null],
  ];
}

function rescale(chart: uPlot, { within, y }: LineChartProps): void {
  chart.batch(() => {
    chart.setData(emptyData(within), false);
    chart.setScale("x", { min: within.low, max: within.high });
    chart.setScale("y", { min: y.low, max: y.high });
  });
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function chartOptions(
  element: HTMLElement,
  latest: { current: LineChartProps },
  theme: Theme,
  pointer: Pointer,
): uPlot.Options {
  const { axis, log, logX, syncKey, height } = latest.current;
  const looks = {
    stroke: token("--muted"),
    font: FONT,
    grid: { stroke: token("--grid-line"), width: 1 },
    ticks: { stroke: token("--border"), width: 1, size: 4 },
  };
  const labels = (isLog: boolean, text: (tick: number) => string) => (_: uPlot, ticks: Array<number | null>) =>
    ticks.map((tick) => (tick === null || (isLog && !isRound(tick)) ? "" : text(tick)));
  const draw = (chart: uPlot) => {
    const { lines } = latest.current;
    const colors = lines.map((line) => PALETTE[theme][line.hue.index]!);
    drawLines(chart, lines, colors, { log, logX });
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    padding: [8, 24, 0, 0],
    scales: {
      x: { time: axis === "wall", auto: false, distr: logX ? 3 : 1 },
      y: { auto: false, distr: log ? 3 : 1 },
    },
    series: [{}, { points: { show: false }, paths: () => null }],
    axes: [
      {
        ...looks,
        size: 26,
        gap: 4,
        space: 70,
        ...(axis === "wall" ? {} : { values: labels(logX, (tick) => placeLabel(axis, tick)) }),
      },
      { ...looks, gap: 4, size: yAxisSize, values: labels(log, formatNumber) },
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      sync: { key: syncKey, scales: ["x", null] },
      bind: {
        dblclick: () => () => {
          latest.current.onZoom(undefined);
          return null;
        },
      },
    },
    hooks: {
      draw: [draw],
      ready: [pointer.start],
      setCursor: [pointer.move],
      setSelect: [(chart) => zoomTo(chart, latest.current)],
    },
  };
}

function yAxisSize(_: uPlot, labels: string[] | null): number {
  const longest = Math.max(3, ...(labels ?? []).map((label) => label.length));
  return longest * 6.5 + 14;
}

function zoomTo(chart: uPlot, { onZoom }: LineChartProps): void {
  const { left, width } = chart.select;
  if (width < SMALLEST_DRAG) return;
  const range: [number, number] = [chart.posToVal(left, "x"), chart.posToVal(left + width, "x")];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(range);
}

/** Arrows move the cursor, + zooms to what is around it, - and Escape go back. */
function onKey(event: KeyboardEvent, chart: uPlot, { onZoom, syncKey }: LineChartProps): void {
  const width = chart.over.clientWidth;
  const left = chart.cursor.left !== undefined && chart.cursor.left >= 0 ? chart.cursor.left : width / 2;
  const put = (place: number) => {
    const [x, y] = [Math.max(0, Math.min(width, place)), chart.over.clientHeight / 2];
    chart.setCursor({ left: x, top: y }, true);
    uPlot.sync(syncKey).pub("mousemove", chart, x, y, width, chart.over.clientHeight, -1);
  };
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    put(left + (event.key === "ArrowLeft" ? -1 : 1) * width * KEY_STEP);
  } else if (event.key === "+" || event.key === "=") {
    const start = Math.max(0, Math.min(width * (1 - KEY_ZOOM), left - (width * KEY_ZOOM) / 2));
    onZoom([chart.posToVal(start, "x"), chart.posToVal(start + width * KEY_ZOOM, "x")]);
  } else if (event.key === "-" || event.key === "0") onZoom(undefined);
  else return;
  event.preventDefault();
}
