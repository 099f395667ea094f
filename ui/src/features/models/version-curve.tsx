import { VersionChart, type VersionPoint } from "../../charts/version-chart";
import { setParameters, useQueryText } from "../../components/parameters";
import { toFinite } from "../../lib/cells";
import { keyOf } from "../../lib/columns";
import { plural } from "../../lib/format";
import type { Frame } from "../../lib/frame";
import { bestRows, knownDirection } from "../../lib/metrics";
import { byUse } from "../../lib/models";

interface Props {
  frame: Frame;
  /** Columns of metrics, the main one first. */
  metrics: readonly string[];
  aliases: ReadonlyArray<{ alias: string; version: string }>;
}

/** One metric over the versions; which one is in the address. */
export function VersionCurve({ frame, metrics, aliases }: Props) {
  const wanted = `metrics.${new URLSearchParams(useQueryText()).get("metric") ?? ""}`;
  const column = metrics.includes(wanted) ? wanted : metrics[0];
  if (column === undefined) return null;
  const points = pointsOf(frame, column, aliases);
  const metric = keyOf(column);
  const missing = frame.runIds.length - points.length;
  return (
    <figure className="card curve-card">
      <figcaption>
        <select
          className="button select"
          aria-label="Metric over versions"
          value={column}
          onChange={(event) =>
            setParameters({ metric: event.target.value === metrics[0] ? "" : keyOf(event.target.value) })
          }
        >
          {metrics.map((one) => (
            <option key={one} value={one}>
              {keyOf(one)}
            </option>
          ))}
        </select>
        <span className="muted">over versions{missing > 0 && `; ${plural(missing, "version")} without it`}</span>
      </figcaption>
      {points.length > 0 && (
        <VersionChart
          points={points}
          label={`${metric} of ${plural(points.length, "version")}; the table of versions holds its values`}
        />
      )}
    </figure>
  );
}

function pointsOf(frame: Frame, column: string, aliases: Props["aliases"]): VersionPoint[] {
  const direction = knownDirection(keyOf(column));
  const best = direction ? bestRows(frame, column, direction) : new Set<number>();
  const inOrder = byUse(aliases);
  return frame.runIds
    .flatMap((version, row): VersionPoint[] => {
      const value = toFinite(frame.columns.get(column)?.[row]);
      const named = inOrder.filter((one) => one.version === version);
      const rank = named[0] ? inOrder.indexOf(named[0]) : 0;
      const marks = { aliases: named.map((one) => one.alias), rank, best: best.has(row) };
      return value === undefined ? [] : [{ version, value, ...marks }];
    })
    .reverse();
}
