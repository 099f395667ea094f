import { memo } from "react";
import type { Curve } from "../../api/generated";
import { Ago } from "../../components/ago";
import { Icon } from "../../components/icons";
import { Sparkline } from "../../components/sparkline";
import { Status } from "../../components/status";
import { Value } from "../../components/value";
import { toFinite, toNumber } from "../../lib/cells";
import { DURATION, END_TIME, keyOf, kindOf, START_TIME, STATUS } from "../../lib/columns";
import type { Extent } from "../../lib/curves";
import { formatDuration } from "../../lib/format";
import { cellAt, type Frame, textAt } from "../../lib/frame";
import type { ColumnFacts } from "./column-facts";
import { sparkKey } from "./use-nearby";

interface Props {
  frame: Frame;
  row: number;
  facts: ColumnFacts;
  /** The place of the column, from 0. */
  place: number;
  id: string;
  active: boolean;
  spark: Curve | undefined;
}

/** One cell of the run table. */
export const RunCell = memo(function RunCell({ frame, row, facts, place, id, active, spark }: Props) {
  const { column, left, width, pinned, numeric, extent, best } = facts;
  const isBest = best.has(row);
  const share = barShare(toFinite(cellAt(frame, column, row)), extent);
  const classes = [
    "grid-cell",
    numeric ? "number" : "",
    isBest ? "best" : "",
    share === undefined ? "" : "bar",
    pinned ? "pinned" : "",
    active ? "active" : "",
  ];
  const size = share === undefined ? undefined : `${share * 100}% 100%`;
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={place + 2}
      data-column={place}
      className={classes.filter(Boolean).join(" ")}
      style={pinned ? { width, backgroundSize: size } : { left, width, backgroundSize: size }}
    >
      {isBest && (
        <>
          <Icon name="star" className="best-mark" />
          <span className="visually-hidden">best: </span>
        </>
      )}
      {kindOf(column) === "curves" ? (
        <SparkCell curve={spark} metric={keyOf(column)} />
      ) : (
        <CellContent frame={frame} row={row} column={column} />
      )}
    </div>
  );
});

/** The curve of a row, if it has come. */
export function sparkOf(sparks: ReadonlyMap<string, Curve>, runId: string, column: string): Curve | undefined {
  return kindOf(column) === "curves" ? sparks.get(sparkKey(runId, keyOf(column))) : undefined;
}

function SparkCell({ curve, metric }: { curve: Curve | undefined; metric: string }) {
  if (!curve) return <Value cell={null} />;
  return (
    <span className="spark-cell" role="img" aria-label={`${metric}: ${curve.count} points`}>
      <Sparkline steps={curve.steps} values={curve.values} />
    </span>
  );
}

function barShare(value: number | undefined, extent: Extent | undefined): number | undefined {
  if (value === undefined || !extent || extent.high === extent.low) return undefined;
  return (value - extent.low) / (extent.high - extent.low);
}

/** The content of a cell by the meaning of its column. */
export function CellContent({ frame, row, column }: { frame: Frame; row: number; column: string }) {
  if (column === STATUS) return <Status status={textAt(frame, STATUS, row)} />;
  if (column === START_TIME || column === END_TIME) return <TimeCell time={toNumber(cellAt(frame, column, row))} />;
  if (column === DURATION) return <DurationCell frame={frame} row={row} />;
  const cell = cellAt(frame, column, row);
  if (kindOf(column) === "attributes") return <span title={`${cell ?? ""}`}>{cell}</span>;
  return <Value cell={cell} />;
}

function TimeCell({ time }: { time: number | undefined }) {
  return time ? <Ago time={time} /> : <Value cell={null} />;
}

function DurationCell({ frame, row }: { frame: Frame; row: number }) {
  const span = toNumber(cellAt(frame, DURATION, row));
  if (span !== undefined) return <span>{formatDuration(span)}</span>;
  return textAt(frame, STATUS, row) === "RUNNING" ? (
    <span className="tone-running">running</span>
  ) : (
    <Value cell={null} />
  );
}
