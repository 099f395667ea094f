import { toNumber } from "../../lib/cells";
import { assignHues, type Hue } from "../../lib/colors";
import { RUN_NAME, START_TIME } from "../../lib/columns";
import { cellAt, type Frame, textAt } from "../../lib/frame";
import { groupRuns, type RunGroup } from "../../lib/run-groups";

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

/** The runs of a frame as they are drawn. */
export function drawnRuns(frame: Frame): DrawnRun[] {
  const hues = assignHues(frame.runIds);
  return frame.runIds.map((id, row) => ({
    id,
    name: textAt(frame, RUN_NAME, row) || id,
    hue: hues.get(id)!,
    start: toNumber(cellAt(frame, START_TIME, row)) ?? 0,
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
