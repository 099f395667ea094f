import { Swatch } from "../../components/swatch";
import { Value } from "../../components/value";
import type { ChartLine } from "../../lib/chart-lines";
import { type Axis, nearest } from "../../lib/curves";
import { formatCount, formatDateTime, formatDuration, formatNumber, plural } from "../../lib/format";
import { highlight, useHighlighted } from "../../lib/highlight";
import { useWatched, type Watched } from "../../lib/watched";

interface Props {
  lines: ChartLine[];
  axis: Axis;
  cursor: Watched<number | undefined>;
  most: number;
  /** How many lines of text are on their way. */
  waiting: number;
}

interface Row {
  line: ChartLine;
  at: number;
  value: number | undefined;
}

/** The values at the cursor, or the last ones, the greatest first. */
export function Readout({ lines, axis, cursor, most, waiting }: Props) {
  const x = useWatched(cursor);
  const standing = useHighlighted();
  if (waiting > 0 && lines.length === 0) return <Waiting rows={waiting} />;
  const rows = sorted(lines, x);
  const shown = rows.slice(0, most);
  // What stands out is read, wherever it ranks.
  const out = rows.findIndex(({ line }) => line.runIds.some((id) => standing.includes(id)));
  if (out >= most) shown[most - 1] = rows[out]!;
  const left = rows.length - shown.length;
  return (
    <ul className="readout">
      {shown.map(({ line, at, value }) => (
        <li
          key={line.id}
          className="readout-row"
          data-standing={lines.length > 1 && line.runIds.some((id) => standing.includes(id))}
          onMouseEnter={() => lines.length > 1 && highlight(line.runIds)}
          onMouseLeave={() => highlight()}
        >
          <Swatch hue={line.hue} />
          <span className="truncate" title={line.name}>
            {lines.length > 1 ? line.name : x === undefined ? "last" : "here"}
          </span>
          <span className="muted readout-place">{placeText(axis, line.xs[at], line.steps[at])}</span>
          <strong className="number">
            <Value cell={value ?? null} />
          </strong>
          {line.smoothed && (
            <span className="muted number" title="Smoothed">
              ~<Value cell={line.smoothed[at] ?? null} />
            </span>
          )}
          {line.spread && <SpreadAt line={line} at={at} />}
        </li>
      ))}
      {left > 0 && <li className="muted">and {plural(left, "more line")}</li>}
    </ul>
  );
}

/** Lines of text to come, as high as they will be. */
export function Waiting({ rows }: { rows: number }) {
  return (
    <ul className="readout" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
        <li key={row} className="skeleton-row">
          <span className="skeleton readout-skeleton" />
        </li>
      ))}
    </ul>
  );
}

function SpreadAt({ line, at }: { line: ChartLine; at: number }) {
  const deviation = line.spread?.deviations[at];
  const count = line.spread?.counts[at] ?? 0;
  return (
    <span className="muted number readout-place" title="Standard deviation and number of runs">
      {deviation !== undefined && Number.isFinite(deviation) && `± ${formatNumber(deviation)} `}n={count}
    </span>
  );
}

function sorted(lines: readonly ChartLine[], x: number | undefined): Row[] {
  const rows = lines.map((line): Row => {
    const at = x === undefined ? line.xs.length - 1 : nearest(line.xs, x);
    return { line, at, value: line.ys[at] };
  });
  const rank = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  // Subtracting infinities would give NaN.
  return rows.sort((left, right) => {
    const [low, high] = [rank(left.value), rank(right.value)];
    return low === high ? 0 : low < high ? 1 : -1;
  });
}

function placeText(axis: Axis, x: number | undefined, step: number | undefined): string {
  if (x === undefined || step === undefined) return "";
  if (axis === "relative") return formatDuration(Math.max(0, x) * 1000);
  if (axis === "wall") return formatDateTime(x * 1000);
  return axis === "step" ? `step ${formatCount(step)}` : formatNumber(x);
}
