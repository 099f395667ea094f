import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import { plotAxis } from "../lib/plot-axes";
import type { Trial } from "../lib/progress";
import { useTheme } from "../lib/theme";
import { layPlot, PlotFrame, placeX, placeY } from "./plot-frame";
import { useWidth } from "./use-width";

interface Props {
  trials: Trial[];
  metric: string;
  height: number;
  label: string;
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
}

const X = "attributes.Trial";

/** The values of trials in their order, and a line of the best up to each. */
export function ProgressChart({ trials, metric, height, label, hovered, onHover }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(holder) ?? 300;
  const theme = useTheme();
  const { x, y, box, place } = useMemo(() => {
    const columns = new Map([
      [X, trials.map((trial) => trial.number)],
      [`metrics.${metric}`, trials.map((trial) => trial.value ?? null)],
    ]);
    const frame = { runIds: trials.map((trial) => String(trial.row)), columns };
    const across = plotAxis(frame, { column: X, scale: "linear", flipped: false });
    const up = plotAxis(frame, { column: `metrics.${metric}`, scale: undefined, flipped: false });
    const laid = layPlot(across, up, { width, height });
    const scale = (value: number) => (up.log ? Math.log10(value) : value);
    const span = scale(up.high) - scale(up.low);
    const share = (value: number) => (span > 0 ? (scale(value) - scale(up.low)) / span : 0.5);
    return { x: across, y: up, box: laid, place: (value: number) => placeY(laid, share(value)) };
  }, [trials, metric, width, height]);
  const points = useMemo(
    () => trials.map((trial, at) => ({ trial, px: placeX(box, x.places[at]!), py: placeY(box, y.places[at]!) })),
    [trials, box, x, y],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    if (!canvas.current) return;
    const context = scaledContext(canvas.current, width, height);
    const radius = points.length > 1000 ? 1.6 : 3;
    for (const { trial, px, py } of points) {
      if (trial.value === undefined) continue;
      context.globalAlpha = trial.improved ? 1 : 0.45;
      context.beginPath();
      context.arc(px, py, trial.improved ? radius + 1.5 : radius, 0, 2 * Math.PI);
      context.fill();
    }
  }, [points, width, height, theme]);
  let path = "";
  for (const { trial, px } of points) {
    if (trial.best === undefined) continue;
    path += path === "" ? `M${px} ${place(trial.best)}` : `H${px}${trial.improved ? `V${place(trial.best)}` : ""}`;
  }
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const frame = event.currentTarget.getBoundingClientRect();
    const px = event.clientX - frame.left;
    onHover(points[nearestIndex(points, px)]?.trial.row);
  };
  const over = points.find(({ trial }) => trial.row === hovered && trial.value !== undefined);
  return (
    <div ref={holder} className="plot-stack" style={{ height }} data-picture="">
      <svg className="plot-layer" width={width} height={height} aria-hidden="true">
        <PlotFrame box={box} x={x} y={y} />
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
        <path className="progress-best" d={path} />
        {over && <circle className="plot-point-hovered" cx={over.px} cy={over.py} r={6} />}
      </svg>
    </div>
  );
}

function nearestIndex(points: readonly { px: number }[], wanted: number): number {
  let nearest = 0;
  points.forEach(({ px }, at) => {
    if (Math.abs(px - wanted) < Math.abs(points[nearest]!.px - wanted)) nearest = at;
  });
  return nearest;
}

function scaledContext(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser has no canvas to draw on.");
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(canvas).color;
  return context;
}
