import type { Cell } from "../../lib/cells";
import { DURATION, END_TIME, kindOf, RUN_NAME, START_TIME } from "../../lib/columns";
import { writeCsv } from "../../lib/csv";
import { cellAt, type Frame } from "../../lib/frame";
import { exportHeading } from "./view-menus";

const TIMES = new Set([START_TIME, END_TIME]);

/** Rows of a frame as a file of comma-separated values: id, name, then the columns shown. */
export function csvOf(frame: Frame, rows: readonly number[], columns: readonly string[]): string {
  const shown = columns.filter((column) => kindOf(column) !== "curves");
  const headings = shown.map((column) => (column === DURATION ? "Duration (s)" : exportHeading(column)));
  return writeCsv(["Run ID", "Name", ...headings], lines());

  function* lines(): Generator<Cell[]> {
    for (const row of rows) {
      const id = frame.runIds[row] ?? "";
      yield [id, cellAt(frame, RUN_NAME, row), ...shown.map((column) => exported(column, cellAt(frame, column, row)))];
    }
  }
}

/** Times as ISO 8601, durations in seconds, all else as it is. */
function exported(column: string, cell: Cell): Cell {
  if (typeof cell !== "number") return cell;
  if (TIMES.has(column)) return new Date(cell).toISOString();
  return column === DURATION ? cell / 1000 : cell;
}
