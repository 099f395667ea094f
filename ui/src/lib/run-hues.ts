import { assignHues, COLOR_TAG, type Hue, parseColor } from "./colors";
import { cellAt, type Frame } from "./frame";

/** The most runs that are told apart by their looks. */
const MOST_TOLD_APART = 500;

/**
 * Hues for what a page of runs shows, the same in its table and its charts: those selected, or else all; none where
 * these are too many.
 */
export function huesShown(frame: Frame, selected: readonly string[]): Map<string, Hue> {
  if (selected.length > 0) return huesOf(frame, selected);
  return huesOf(frame, frame.runIds.length <= MOST_TOLD_APART ? frame.runIds.toSorted() : []);
}

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
