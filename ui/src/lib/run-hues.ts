import { assignHues, COLOR_TAG, type Hue, parseColor } from "./colors";
import { cellAt, type Frame } from "./frame";

/** Hues for runs of a frame seen together: the colours that people chose for them, the others told apart. */
export function huesOf(frame: Frame, runIds: readonly string[]): Map<string, Hue> {
  const rows = new Map(frame.runIds.map((id, row) => [id, row]));
  const chosen = new Map<string, number>();
  for (const id of runIds) {
    const color = parseColor(cellAt(frame, `tags.${COLOR_TAG}`, rows.get(id) ?? -1));
    if (color !== undefined) chosen.set(id, color);
  }
  return assignHues(runIds, chosen);
}
