import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { jitter } from "../lib/boxes";
import { shareColour, valueTable } from "../lib/colour-scale";
import type { PlotAxis } from "../lib/plot-axes";
import type { Wanted } from "../lib/ranges";
import { OUTSIDE, surfaceBands } from "../lib/surface";
import { type Theme, useTheme } from "../lib/theme";
import { wantedBetween } from "./parallel-layout";
import { layPlot, type PlotBox, PlotFrame, placeX, placeY, shareAt } from "./plot-frame";
import { useWidth } from "./use-width";

interface Props {
  x: PlotAxis;
  y: PlotAxis;
  colour: PlotAxis | undefined;
  /** Rows brought forward; the others stand back in grey. */
  rows: Uint32Array;
  /** Whether what lies between the points is coloured too. */
  contour: boolean;
  height: number;
  label: string;
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
  /** A box was drawn over the picture. */
  onSelect: (x: Wanted, y: Wanted) => void;
}

const REACH = 12;
const SMALLEST = 5;
const SPREAD = 0.3;
const LEVELS = 10;

/** Runs as points: hover tells which, a box drawn over them keeps their ranges. */
export function ScatterChart(props: Props) {
  const { x, y, colour, rows, contour, height, hovered } = props;
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(holder) ?? 300;
  const theme = useTheme();
  const box = useMemo(() => layPlot(x, y, { width, height }), [x, y, width, height]);
  const points = useMemo(() => placePoints(x, y, box), [x, y, box]);
  const surface = useMemo(
    () => (contour && colour ? surfaceOf({ x, y, colour, rows, box }) : undefined),
    [contour, colour, x, y, rows, box],
  );
  useEffect(() => {
    if (canvas.current) paint(canvas.current, { box, points, rows, colour, surface, theme });
  }, [box, points, rows, colour, surface, theme]);
  const [drawn, setDrawn] = useState<{ from: [number, number]; to: [number, number] }>();
  const at = (event: PointerEvent<SVGSVGElement>): [number, number] => {
    const frame = event.currentTarget.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (drawn) setDrawn({ ...drawn, to: at(event) });
    else props.onHover(nearestPoint(points, rows, at(event)));
  };
  const end = () => {
    if (drawn && Math.hypot(drawn.to[0] - drawn.from[0], drawn.to[1] - drawn.from[1]) >= SMALLEST) {
      const [from, to] = [shareAt(box, drawn.from), shareAt(box, drawn.to)];
      props.onSelect(wantedBetween(x, from[0], to[0]), wantedBetween(y, from[1], to[1]));
    }
    setDrawn(undefined);
  };
  return (
    <div ref={holder} className="plot-stack" style={{ height }} data-picture="">
      <svg className="plot-layer" width={width} height={height} aria-hidden="true">
        <PlotFrame box={box} x={x} y={y} />
      </svg>
      <canvas ref={canvas} style={{ width, height }} />
      <svg
        className="plot-layer plot-select"
        width={width}
        height={height}
        role="img"
        aria-label={props.label}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrawn({ from: at(event), to: at(event) });
        }}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => setDrawn(undefined)}
        onPointerLeave={() => props.onHover(undefined)}
      >
        {drawn && (
          <rect
            className="plot-brush"
            x={Math.min(drawn.from[0], drawn.to[0])}
            y={Math.min(drawn.from[1], drawn.to[1])}
            width={Math.abs(drawn.to[0] - drawn.from[0])}
            height={Math.abs(drawn.to[1] - drawn.from[1])}
          />
        )}
        {hovered !== undefined && !Number.isNaN(points.xs[hovered]! + points.ys[hovered]!) && (
          <circle className="plot-point-hovered" cx={points.xs[hovered]} cy={points.ys[hovered]} r={6} />
        )}
      </svg>
    </div>
  );
}

interface Points {
  xs: Float64Array;
  ys: Float64Array;
}

/** Pixels of every row; points of one category stand a little apart. */
function placePoints(x: PlotAxis, y: PlotAxis, box: PlotBox): Points {
  const spread = (axis: PlotAxis, row: number) =>
    axis.kind === "category" && axis.categories.length > 1
      ? (jitter(row * 2 + (axis === x ? 0 : 1)) * SPREAD) / (axis.categories.length - 1)
      : 0;
  return {
    xs: x.places.map((place, row) => placeX(box, place + spread(x, row))),
    ys: y.places.map((place, row) => placeY(box, place + spread(y, row))),
  };
}

function nearestPoint({ xs, ys }: Points, rows: Uint32Array, [px, py]: [number, number]): number | undefined {
  let nearest: number | undefined;
  let least = REACH ** 2;
  for (const row of rows) {
    const distance = (xs[row]! - px) ** 2 + (ys[row]! - py) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = row;
    }
  }
  return nearest;
}

function surfaceOf({
  x,
  y,
  colour,
  rows,
  box,
}: {
  x: PlotAxis;
  y: PlotAxis;
  colour: PlotAxis;
  rows: Uint32Array;
  box: PlotBox;
}) {
  const points = [...rows]
    .map((row) => ({ x: x.places[row]!, y: y.places[row]!, z: colour.places[row]! }))
    .filter((point) => !Number.isNaN(point.x + point.y + point.z));
  const width = Math.max(1, Math.round(box.right - box.left));
  const height = Math.max(1, Math.round(box.bottom - box.top));
  return surfaceBands(points, { width, height, levels: LEVELS });
}

interface Painted {
  box: PlotBox;
  points: Points;
  rows: Uint32Array;
  colour: PlotAxis | undefined;
  surface: ReturnType<typeof surfaceBands> | undefined;
  theme: Theme;
}

function paint(canvas: HTMLCanvasElement, painted: Painted): void {
  const { box, points, rows, colour, surface, theme } = painted;
  const scale = devicePixelRatio || 1;
  canvas.width = box.width * scale;
  canvas.height = box.height * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  if (surface) paintSurface(context, surface, box, theme);
  const chosen = new Set(rows);
  const radius = points.xs.length > 2000 ? 2 : points.xs.length > 200 ? 3 : 4.5;
  const alpha = points.xs.length > 2000 ? 0.6 : 0.9;
  const dot = (row: number) => {
    const [px, py] = [points.xs[row]!, points.ys[row]!];
    if (Number.isNaN(px + py)) return;
    context.beginPath();
    context.arc(px, py, radius, 0, 2 * Math.PI);
    context.fill();
    if (surface) context.stroke();
  };
  context.globalAlpha = alpha / 2;
  context.fillStyle = shareColour(Number.NaN, theme);
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = 1;
  for (let row = 0; row < points.xs.length; row += 1) if (!chosen.has(row)) dot(row);
  context.globalAlpha = alpha;
  for (const row of rows) {
    context.fillStyle = colour ? shareColour(colour.places[row]!, theme) : getComputedStyle(canvas).color;
    dot(row);
  }
}

const SOFT = 0.55;
const EDGE_ALPHA = 0.95;

/** Bands in their colours, softer than points, with a line where one meets the next. */
function paintSurface(
  context: CanvasRenderingContext2D,
  { width, height, levels, bands }: ReturnType<typeof surfaceBands>,
  box: PlotBox,
  theme: Theme,
): void {
  const image = new ImageData(width, height);
  const table = valueTable(theme);
  bands.forEach((band, at) => {
    if (band === OUTSIDE) return;
    const step = Math.round((band / (levels - 1)) * 255) * 3;
    const edge = (at + 1) % width !== 0 && bands[at + 1] !== OUTSIDE && bands[at + 1] !== band;
    const below = bands[at + width];
    const line = edge || (below !== undefined && below !== OUTSIDE && below !== band);
    for (let part = 0; part < 3; part += 1) image.data[at * 4 + part] = table[step + part]!;
    image.data[at * 4 + 3] = 255 * (line ? EDGE_ALPHA : SOFT);
  });
  const sheet = new OffscreenCanvas(width, height);
  sheet.getContext("2d")?.putImageData(image, 0, 0);
  context.drawImage(sheet, box.left, box.top);
}
