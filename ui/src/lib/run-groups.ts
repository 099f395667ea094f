import { type Cell, compareText } from "./cells";

/** Runs that have the same values in some columns. */
export interface RunGroup {
  /** Tells it from the others. */
  key: string;
  label: string;
  runIds: string[];
}

/** Runs by what they have in common: `values(id)` are their cells in the columns grouped by. */
export function groupRuns(
  runIds: readonly string[],
  values: (runId: string) => readonly (Cell | undefined)[],
): RunGroup[] {
  const groups = new Map<string, RunGroup>();
  for (const id of runIds) {
    const cells = values(id).map((cell) => cell ?? null);
    const key = JSON.stringify(cells.map((cell) => (cell === null ? null : String(cell))));
    const known = groups.get(key);
    if (known) known.runIds.push(id);
    else groups.set(key, { key, label: cells.map((cell) => cell ?? "none").join(", "), runIds: [id] });
  }
  return [...groups.values()].sort((left, right) => compareText(left.label, right.label));
}
