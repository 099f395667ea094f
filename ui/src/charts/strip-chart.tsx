import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import { type Box, jitter } from "../lib/boxes";
import { formatCount } from "../lib/format";
import type { PlotAxis } from "../lib/plot-axes";
import { useTheme } from "../lib/theme";
import { readableTicks } from "./parallel-layout";
import { useWidth } from "./use-width";

interface Props {
  boxes: Box[];
  values: PlotAxis;
  label: string;
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
}

const ROW = 58;
const NAME = 18;
const FOOT = 40;
/** Fewer points than this are told by themselves: quartiles of three runs say nothing. */
const FEWEST_FOR_BOX = 5;
const TOP = 4;
const REACH = 8;

/** Groups below each other: every run a point, over them the median, and of five or more quartiles and whiskers. */
export function StripChart({ boxes, values, label, hovered, onHover }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(holder) ?? 300;
  const theme = useTheme();
  const height = TOP + boxes.length * ROW + FOOT;
  const [left, right] = [8, width - 12];
  const points = useMemo(() => placeRows(boxes, values, { left, right }), [boxes, values, left, right]);
  const x = (value: number) => left + placeOfNumber(values, value) * (right - left);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    if (canvas.current) paint(canvas.current, points, { width, height });
  }, [points, width, height, theme]);
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const frame = event.currentTarget.getBoundingClientRect();
    const [px, py] = [event.clientX - frame.left, event.clientY - frame.top];
    const near = points.find((point) => Math.hypot(point.x - px, point.y - py) <= REACH);
    onHover(near?.row);
  };
  const over = points.find((point) => point.row === hovered);
  return (
    <div ref={holder} className="plot-stack" style={{ height }} data-picture="">
      <svg className="plot-layer" width={width} height={height} aria-hidden="true">
        {readableTicks(values.ticks, (right - left) * 0.25).map((tick) => {
          const at = left + tick.place * (right - left);
          return (
            <g key={tick.label}>
              <path className="plot-grid" d={`M${at} ${TOP}V${height - FOOT}`} />
              <text className="plot-text" x={at} y={height - FOOT + 15} textAnchor="middle">
                {tick.label}
              </text>
            </g>
          );
        })}
      </svg>
      <canvas ref={canvas} style={{ width, height }} />
      <svg
        className="plot-layer"
        width={width}
        height={height}
        role="img"
        aria-label={label}
        onPointerMove={move}
        onPointerLeave={() => onHover(undefined)}
      >
        <text className="plot-text plot-name" x={(left + right) / 2} y={height - 5} textAnchor="middle">
          {values.label}
          {values.log ? ", log" : ""}
        </text>
        {boxes.map((box, at) => (
          <BoxMarks key={box.group} box={box} top={TOP + at * ROW} x={x} />
        ))}
        {over && <circle className="plot-point-hovered" cx={over.x} cy={over.y} r={6} />}
      </svg>
    </div>
  );
}

function BoxMarks({ box, top, x }: { box: Box; top: number; x: (value: number) => number }) {
  const [first, third] = [x(box.first), x(box.third)].sort((one, two) => one - two) as [number, number];
  const middle = top + NAME + (ROW - NAME) / 2;
  return (
    <g>
      <text className="plot-text strip-name haloed" x={2} y={top + 14}>
        {box.group}
        <tspan className="strip-count">{`  n ${formatCount(box.rows.length)}`}</tspan>
      </text>
      {box.rows.length >= FEWEST_FOR_BOX && (
        <>
          <path className="strip-whisker" d={`M${x(box.low)} ${middle}H${first}M${third} ${middle}H${x(box.high)}`} />
          <rect className="strip-box" x={first} y={middle - 10} width={Math.max(1, third - first)} height={20} rx={2} />
        </>
      )}
      <path className="strip-median" d={`M${x(box.median)} ${middle - 12}v24`} />
    </g>
  );
}

function placeOfNumber(axis: PlotAxis, value: number): number {
  const scale = (one: number) => (axis.log ? Math.log10(one) : one);
  const span = scale(axis.high) - scale(axis.low);
  const share = span > 0 ? (scale(value) - scale(axis.low)) / span : 0.5;
  return axis.choice.flipped ? 1 - share : share;
}

interface Point {
  row: number;
  x: number;
  y: number;
}

function placeRows(boxes: Box[], values: PlotAxis, { left, right }: { left: number; right: number }): Point[] {
  return boxes.flatMap((box, at) =>
    box.rows.map((row) => ({
      row,
      x: left + values.places[row]! * (right - left),
      y: TOP + at * ROW + NAME + (ROW - NAME) * (0.5 + jitter(row) * 0.36),
    })),
  );
}

function paint(canvas: HTMLCanvasElement, points: Point[], { width, height }: { width: number; height: number }): void {
  const scale = devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(canvas).color;
  context.globalAlpha = Math.min(0.7, Math.max(0.12, 60 / Math.sqrt(points.length + 1) / 10));
  const radius = points.length > 1000 ? 1.6 : 3;
  for (const { x, y } of points) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
}
