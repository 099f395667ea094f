import { memo } from "react";
import { Ago } from "../../components/ago";
import { Icon } from "../../components/icons";
import { Status } from "../../components/status";
import { Value } from "../../components/value";
import { toFinite, toNumber } from "../../lib/cells";
import { DURATION, END_TIME, kindOf, START_TIME, STATUS } from "../../lib/columns";
import type { Extent } from "../../lib/curves";
import { formatDuration } from "../../lib/format";
import { cellAt, type Frame, textAt } from "../../lib/frame";

/** What the grid knows of a column beside its cells. */
export interface ColumnFacts {
  column: string;
  left: number;
  width: number;
  numeric: boolean;
  /** Least and greatest value, for the bar behind the numbers of a metric. */
  extent: Extent | undefined;
  best: Set<number>;
}

interface Props {
  frame: Frame;
  row: number;
  facts: ColumnFacts;
  index: number;
}

/** One cell of the run table. */
export const RunCell = memo(function RunCell({ frame, row, facts, index }: Props) {
  const { column, left, width, numeric, extent, best } = facts;
  const isBest = best.has(row);
  const share = barShare(toFinite(cellAt(frame, column, row)), extent);
  const classes = ["grid-cell", numeric ? "number" : "", isBest ? "best" : "", share === undefined ? "" : "bar"];
  const size = share === undefined ? undefined : `${share * 100}% 100%`;
  return (
    <div
      role="gridcell"
      aria-colindex={index}
      className={classes.filter(Boolean).join(" ")}
      style={{ left, width, backgroundSize: size }}
    >
      {isBest && (
        <>
          <Icon name="star" className="best-mark" />
          <span className="visually-hidden">best: </span>
        </>
      )}
      <CellContent frame={frame} row={row} column={column} />
    </div>
  );
});

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
