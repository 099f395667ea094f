import { memo } from "react";
import { type Cell, toFinite } from "../lib/cells";

const WIDTH = 96;
const HEIGHT = 20;
const EDGE = 2;

/** The course of a series in the size of a word; values that are not finite leave a gap. */
export const Sparkline = memo(function Sparkline({ steps, values }: { steps: number[]; values: Cell[] }) {
  const points = values.map((value) => toFinite(value));
  const finite = points.filter((value) => value !== undefined);
  if (finite.length < 2) return <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />;
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low || 1;
  const first = steps[0] ?? 0;
  const length = (steps.at(-1) ?? 0) - first;
  let path = "";
  points.forEach((value, index) => {
    if (value === undefined) return;
    // Points that were logged without a step all have the same: these stand in the order they came.
    const share = length === 0 ? index / (points.length - 1) : ((steps[index] ?? first) - first) / length;
    const x = EDGE + share * (WIDTH - 2 * EDGE);
    const y = HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE);
    const joined = index > 0 && points[index - 1] !== undefined;
    path += `${joined ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={path} />
    </svg>
  );
});
