import { useMemo } from "react";
import type { Cell } from "../../lib/cells";
import { columnWidth, isMetric, isNumeric, keyOf, kindOf } from "../../lib/columns";
import type { Extent } from "../../lib/curves";
import type { Frame } from "../../lib/frame";
import { bestRows } from "../../lib/metrics";
import { columnExtent } from "../../lib/stats";
import type { GridProps } from "./grid-props";

export const NAME_WIDTH = 264;
/** Room for a mean and a deviation. */
const SPREAD_WIDTH = 152;

/** What the grid knows of a column beside its cells. */
export interface ColumnFacts {
  column: string;
  /** Where it stands, from the left edge of the table; pinned ones from that of the screen. */
  left: number;
  width: number;
  pinned: boolean;
  numeric: boolean;
  /** Least and greatest value, for the bar behind the numbers of a metric. */
  extent: Extent | undefined;
  best: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/** Facts of the columns in the order shown, pinned ones first, and the width that name and pinned ones take. */
export function useColumnFacts(props: GridProps): { facts: ColumnFacts[]; frozen: number } {
  const { frame, rows, columns, main, widths, pinned, bars } = props;
  const spread = props.groupBy.length > 0 && props.stat === "mean" ? SPREAD_WIDTH : 0;
  // What depends on every cell is worked out apart from what changes while a column is dragged.
  const cells = useMemo(() => columns.map((column) => cellFacts(frame, rows, column)), [frame, rows, columns]);
  return useMemo(() => {
    let left = NAME_WIDTH;
    const facts = columns.map((column, index): ColumnFacts => {
      const { width, numeric, extent } = cells[index]!;
      const one = {
        column,
        left,
        width: widths[column] ?? (isMetric(column) ? Math.max(width, spread) : width),
        pinned: pinned.includes(column),
        numeric,
        extent: bars ? extent : undefined,
        best: main && column === `metrics.${main.key}` ? bestRows(frame, column, main.direction) : NONE,
      };
      left += one.width;
      return one;
    });
    return { facts, frozen: facts.reduce((sum, one) => sum + (one.pinned ? one.width : 0), NAME_WIDTH) };
  }, [frame, columns, cells, main, widths, pinned, bars, spread]);
}

function cellFacts(frame: Frame, rows: readonly number[], column: string) {
  const all = frame.columns.get(column);
  const metric = isMetric(column);
  const shown: Cell[] | undefined = all && (rows.length === all.length ? all : rows.map((row) => all[row] ?? null));
  return {
    width: columnWidth(frame, column),
    numeric: metric || (kindOf(column) !== "attributes" && kindOf(column) !== "curves" && isNumeric(shown)),
    extent: metric ? columnExtent(shown) : undefined,
  };
}

/** The metric that a column is about; undefined for others. */
export function metricOf(column: string): string | undefined {
  return isMetric(column) || kindOf(column) === "curves" ? keyOf(column) : undefined;
}
