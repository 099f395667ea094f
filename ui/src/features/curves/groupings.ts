import { compareText, isMissing } from "../../lib/cells";
import { columnsOf, keyOf, labelOf, RUN_NAME, USER } from "../../lib/columns";
import { cellAt, type Frame } from "../../lib/frame";

const INTERNAL_TAG = /^tags\.(mlflow|assay)\./;

/** Columns whose values some, but not all, of the runs share, with their names: what runs can be grouped by. */
export function groupingsOf(frame: Frame, runIds: readonly string[]): Array<readonly [column: string, name: string]> {
  if (runIds.length < 2) return [];
  const wanted = new Set(runIds);
  const rows = frame.runIds.flatMap((id, row) => (wanted.has(id) ? [row] : []));
  const distinct = (column: string) => new Set(rows.map((row) => cellAt(frame, column, row))).size;
  const params = columnsOf(frame, "params");
  const tags = columnsOf(frame, "tags").filter((column) => !INTERNAL_TAG.test(column));
  return [...params, ...tags, RUN_NAME, USER]
    .filter((column) => rows.some((row) => !isMissing(cellAt(frame, column, row))))
    .filter((column) => distinct(column) < rows.length)
    .map((column) => [column, column === RUN_NAME || column === USER ? labelOf(column) : keyOf(column)] as const)
    .sort((left, right) => compareText(left[1], right[1]));
}
