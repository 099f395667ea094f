import type { PlotAxis } from "../lib/plot-axes";
import { readableTicks } from "./parallel-layout";

/** Where a picture with two axes stands, in pixels. */
export interface PlotBox {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Room before the first and after the last category of each axis. */
  insetX: number;
  insetY: number;
  /** Whether the labels across are slanted, as they are long. */
  slanted: boolean;
}

const LETTER = 6.2;
const WIDEST_LABELS = 150;
const SLANT = 35;
const [SLANT_X, SLANT_Y] = [Math.cos((SLANT * Math.PI) / 180), Math.sin((SLANT * Math.PI) / 180)];
const MOST_OF_BOX = 0.45;

/** Room for the labels of two axes. */
export function layPlot(x: PlotAxis, y: PlotAxis, { width, height }: { width: number; height: number }): PlotBox {
  const room = (labels: number[]) => Math.min(WIDEST_LABELS, Math.max(3, ...labels) * LETTER + 14);
  const straight = room(y.ticks.map((tick) => tick.label.length));
  const right = width - 16;
  const slanted = isSlanted(x, right - straight);
  const reach = slanted
    ? x.ticks.map(({ place, label }) => label.length * LETTER * SLANT_X - place * (right - straight))
    : [];
  const left = Math.min(width * MOST_OF_BOX, Math.max(straight, ...reach));
  const tallest = Math.max(0, ...x.ticks.map((tick) => tick.label.length)) * LETTER * SLANT_Y;
  const foot = slanted ? Math.min(height * MOST_OF_BOX, tallest + 40) : 40;
  const [top, bottom] = [10, height - foot];
  const inset = (axis: PlotAxis, length: number) =>
    axis.kind === "category" ? length / (2 * Math.max(1, axis.categories.length)) : 0;
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    insetX: inset(x, right - left),
    insetY: inset(y, bottom - top),
    slanted,
  };
}

function isSlanted(x: PlotAxis, room: number): boolean {
  return x.kind === "category" && x.ticks.some((tick) => tick.label.length * LETTER > room / x.ticks.length);
}

export function placeX({ left, right, insetX }: PlotBox, share: number): number {
  return left + insetX + share * (right - left - 2 * insetX);
}

export function placeY({ top, bottom, insetY }: PlotBox, share: number): number {
  return bottom - insetY - share * (bottom - top - 2 * insetY);
}

/** The shares of both axes at a point of the picture. */
export function shareAt(box: PlotBox, [px, py]: readonly [number, number]): [number, number] {
  const [left, right] = [placeX(box, 0), placeX(box, 1)];
  const [bottom, top] = [placeY(box, 0), placeY(box, 1)];
  return [(px - left) / (right - left || 1), (bottom - py) / (bottom - top || 1)];
}

/** Axes with their ticks and names. */
export function PlotFrame({ box, x, y }: { box: PlotBox; x: PlotAxis; y: PlotAxis }) {
  const { left, right, top, bottom, height, slanted } = box;
  return (
    <g>
      {readableTicks(y.ticks, bottom - top).map((tick) => {
        const at = placeY(box, tick.place);
        return (
          <g key={tick.label}>
            <path className="plot-grid" d={`M${left} ${at}H${right}`} />
            <text className="plot-text" x={left - 7} y={at + 4} textAnchor="end">
              {tick.label}
            </text>
          </g>
        );
      })}
      {readableTicks(x.ticks, (right - left) * (x.kind === "category" ? 0.6 : 0.25)).map((tick) => {
        const at = placeX(box, tick.place);
        const turn = slanted ? `rotate(${-SLANT} ${at} ${bottom + 14})` : undefined;
        return (
          <g key={tick.label}>
            <path className="plot-grid" d={`M${at} ${top}V${bottom}`} />
            <text className="plot-text" x={at} y={bottom + 16} textAnchor={slanted ? "end" : "middle"} transform={turn}>
              {tick.label}
            </text>
          </g>
        );
      })}
      <path className="plot-axis" d={`M${left} ${top}V${bottom}H${right}`} />
      <text className="plot-text plot-name" x={(left + right) / 2} y={height - 5} textAnchor="middle">
        {x.label}
        {x.log ? ", log" : ""}
      </text>
    </g>
  );
}
