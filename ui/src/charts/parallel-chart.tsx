import { type PointerEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { formatCell } from "../lib/format";
import type { PlotAxis } from "../lib/plot-axes";
import type { Ranges, Wanted } from "../lib/ranges";
import { withRange } from "../lib/ranges";
import { nearestLine } from "../lib/raster";
import { layParallel, type ParallelLayout, placesOf, readableTicks, wantedBetween } from "./parallel-layout";
import { useParallelPicture } from "./use-parallel-picture";
import { useWidth } from "./use-width";

interface Props {
  axes: PlotAxis[];
  count: number;
  /** Runs that are brought forward for some ranges; of a sample only while they are being drawn. */
  rowsFor: (ranges: Ranges, sample?: boolean) => Uint32Array;
  ranges: Ranges;
  outcome: PlotAxis | undefined;
  height: number;
  label: string;
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
  onRange: (column: string, wanted: Wanted | undefined) => void;
  /** What stands above an axis. */
  heading: (axis: PlotAxis, at: number) => ReactNode;
}

const REACH = 14;
const SMALLEST_BRUSH = 4;
const GRIP = 22;

interface Draft {
  at: number;
  from: number;
  to: number;
}

/** Runs as lines over axes: drag along an axis to bring a range forward, click it to let go. */
export function ParallelChart(props: Props) {
  const { axes, count, rowsFor, ranges, outcome, height, hovered } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const layout = useMemo(() => layParallel(axes, { width: width ?? 1, height }), [axes, width, height]);
  const [draft, setDraft] = useState<Draft>();
  const shown = useMemo(() => {
    const axis = draft && axes[draft.at];
    return axis ? withRange(ranges, axis.column, wantedBetween(axis, draft.from, draft.to)) : ranges;
  }, [draft, axes, ranges]);
  const rows = useMemo(() => rowsFor(shown, draft !== undefined), [rowsFor, shown, draft]);
  useParallelPicture(canvas, { layout, count, rows, outcome, ready: width !== undefined });
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (draft) return;
    const frame = event.currentTarget.getBoundingClientRect();
    const point = { x: event.clientX - frame.left, y: event.clientY - frame.top, most: REACH };
    props.onHover(nearestLine(layout.lines, rows, point));
  };
  return (
    <div ref={box} className="parallel-scroll" tabIndex={0} role="region" aria-label="Parallel coordinates">
      <div className="parallel" data-picture="" style={{ width: layout.width }}>
        <div className="parallel-heads">
          {axes.map((axis, at) => (
            <div key={axis.column} className="parallel-head" style={headPlace(layout, at)}>
              {props.heading(axis, at)}
            </div>
          ))}
        </div>
        <div className="plot-stack" style={{ width: layout.width, height }}>
          <canvas ref={canvas} style={{ width: layout.width, height }} />
          <svg
            className="plot-layer"
            width={layout.width}
            height={height}
            role="img"
            aria-label={props.label}
            onPointerMove={move}
            onPointerLeave={() => props.onHover(undefined)}
          >
            {layout.missing !== undefined && <MissingPlace layout={layout} />}
            {axes.map((axis, at) => (
              <Axis
                key={axis.column}
                axis={axis}
                at={at}
                last={at === axes.length - 1}
                layout={layout}
                wanted={shown.get(axis.column)}
                onDraft={setDraft}
                onRange={(wanted) => props.onRange(axis.column, wanted)}
              />
            ))}
            {hovered !== undefined && <Hovered row={hovered} axes={axes} layout={layout} />}
          </svg>
        </div>
      </div>
    </div>
  );
}

const HEAD_GAP = 6;

function headPlace({ lines: { xs }, width }: ParallelLayout, at: number) {
  const x = xs[at] ?? 0;
  const gap = (xs[1] ?? width) - (xs[0] ?? 0);
  if (at === 0) return { left: 0, width: gap / 2 + x - HEAD_GAP };
  if (at === xs.length - 1) return { left: x - gap / 2 + HEAD_GAP, width: width - x + gap / 2 - HEAD_GAP };
  return { left: x - gap / 2 + HEAD_GAP, width: gap - 2 * HEAD_GAP };
}

function MissingPlace({ layout }: { layout: ParallelLayout }) {
  const [first = 0, last = 0] = [layout.lines.xs[0], layout.lines.xs.at(-1)];
  return (
    <g>
      <path className="plot-missing" d={`M${first} ${layout.missing}H${last}`} />
      <text className="plot-text" x={first + 6} y={(layout.missing ?? 0) - 4}>
        not logged
      </text>
    </g>
  );
}

interface AxisProps {
  axis: PlotAxis;
  at: number;
  last: boolean;
  layout: ParallelLayout;
  wanted: Wanted | undefined;
  onDraft: (draft: Draft | undefined) => void;
  onRange: (wanted: Wanted | undefined) => void;
}

function Axis({ axis, at, last, layout, wanted, onDraft, onRange }: AxisProps) {
  const { top, bottom } = layout;
  const x = layout.lines.xs[at] ?? 0;
  const y = (place: number) => bottom - place * (bottom - top);
  const begun = useRef<{ y: number; place: number }>(undefined);
  const placeOf = (event: PointerEvent<SVGRectElement>) => {
    const frame = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
    return (bottom - (event.clientY - frame.top)) / (bottom - top);
  };
  const start = (event: PointerEvent<SVGRectElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    begun.current = { y: event.clientY, place: placeOf(event) };
  };
  const move = (event: PointerEvent<SVGRectElement>) => {
    if (begun.current) onDraft({ at, from: begun.current.place, to: placeOf(event) });
  };
  const end = (event: PointerEvent<SVGRectElement>) => {
    if (!begun.current) return;
    const moved = Math.abs(event.clientY - begun.current.y) >= SMALLEST_BRUSH;
    onRange(moved ? wantedBetween(axis, begun.current.place, placeOf(event)) : undefined);
    begun.current = undefined;
    onDraft(undefined);
  };
  return (
    <g>
      <path className="plot-axis" d={`M${x} ${top}V${bottom}`} />
      {readableTicks(axis.ticks, bottom - top).map((tick) => (
        <g key={tick.label}>
          <path className="plot-axis" d={`M${x - 3} ${y(tick.place)}h6`} />
          <text
            className="plot-text haloed"
            x={last ? x - 7 : x + 7}
            y={y(tick.place) + 4}
            textAnchor={last ? "end" : "start"}
          >
            {tick.label}
          </text>
        </g>
      ))}
      {wanted &&
        placesOf(axis, wanted).map(([low, high]) => (
          <rect
            key={low}
            className="plot-brush"
            x={x - 7}
            width={14}
            y={y(high)}
            height={Math.max(3, y(low) - y(high))}
          />
        ))}
      <rect
        className="plot-grip"
        data-axis={axis.column}
        x={x - GRIP / 2}
        width={GRIP}
        y={top - 8}
        height={bottom - top + 16}
        onPointerDown={start}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => {
          begun.current = undefined;
          onDraft(undefined);
        }}
      />
    </g>
  );
}

function Hovered({ row, axes, layout }: { row: number; axes: PlotAxis[]; layout: ParallelLayout }) {
  const { xs, ys } = layout.lines;
  const path = xs.map((x, at) => `${at === 0 ? "M" : "L"}${x} ${ys[at]![row]}`).join("");
  return (
    <g className="plot-hovered">
      <path d={path} />
      {axes.map((axis, at) => (
        <g key={axis.column}>
          <circle cx={xs[at]} cy={ys[at]![row]} r={3.5} />
          <text
            x={at === axes.length - 1 ? xs[at]! - 8 : xs[at]! + 8}
            y={Math.max(12, ys[at]![row]! - 7)}
            textAnchor={at === axes.length - 1 ? "end" : "start"}
          >
            {textOf(axis, row)}
          </text>
        </g>
      ))}
    </g>
  );
}

function textOf(axis: PlotAxis, row: number): string {
  const value = axis.values[row]!;
  if (Number.isNaN(value)) return "not logged";
  return axis.kind === "category" ? (axis.categories[value] ?? "") : formatCell(value);
}
