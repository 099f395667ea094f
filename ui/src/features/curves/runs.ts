import { toNumber } from "../../lib/cells";
import { assignHues, type Hue, ownHue } from "../../lib/colors";
import { nameAt, START_TIME } from "../../lib/columns";
import { cellAt, type Frame } from "../../lib/frame";
import { groupRuns, type RunGroup } from "../../lib/run-groups";
import { huesShown } from "../../lib/run-hues";

/** A run whose curves are drawn. */
export interface DrawnRun {
  id: string;
  name: string;
  hue: Hue;
  /** Start in milliseconds, the zero of relative time. */
  start: number;
}

/** Runs drawn as one line. */
export interface DrawnGroup extends RunGroup {
  hue: Hue;
}

/** The runs of a frame as they are drawn: those selected, with the colours they have in the table, or all. */
export function drawnRuns(frame: Frame, selected: readonly string[] = []): DrawnRun[] {
  const rows = new Map(frame.runIds.map((id, row) => [id, row]));
  const ids = selected.length > 0 ? selected.filter((id) => rows.has(id)) : frame.runIds;
  const hues = huesShown(frame, selected);
  return ids.map((id) => ({
    id,
    name: nameAt(frame, rows.get(id)!),
    hue: hues.get(id) ?? ownHue(id),
    start: toNumber(cellAt(frame, START_TIME, rows.get(id)!)) ?? 0,
  }));
}

/** The groups of some runs by columns of the frame that holds them; undefined where there is nothing to group by. */
export function drawnGroups(
  runs: readonly DrawnRun[],
  frame: Frame,
  columns: readonly string[],
): DrawnGroup[] | undefined {
  if (columns.length === 0) return undefined;
  const rows = new Map(frame.runIds.map((id, row) => [id, row]));
  const groups = groupRuns(
    runs.map((run) => run.id),
    (id) => columns.map((column) => cellAt(frame, column, rows.get(id) ?? -1)),
  );
  const hues = assignHues(groups.map((group) => group.key));
  return groups.map((group) => ({ ...group, hue: hues.get(group.key)! }));
}
