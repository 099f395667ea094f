import type { Cell } from "./cells";
import { type ColumnKind, columnsOf, keyOf } from "./columns";
import type { Frame } from "./frame";

/** One line of a comparison: a name and its value in each run, in the order of the frame. */
export interface DiffRow {
  column: string;
  key: string;
  cells: Cell[];
  differs: boolean;
}

/** All params, metrics or tags of runs as lines of a comparison. */
export function diffRows(frame: Frame, kind: ColumnKind): DiffRow[] {
  return columnsOf(frame, kind).map((column) => {
    const cells = frame.runIds.map((_, row) => frame.columns.get(column)?.[row] ?? null);
    return { column, key: keyOf(column), cells, differs: cells.some((cell) => cell !== cells[0]) };
  });
}
