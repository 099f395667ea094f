import { useSyncExternalStore } from "react";
import { useWatched, watched } from "./watched";

const NONE: readonly string[] = [];
const shown = watched(NONE);

/** Let some runs stand out everywhere on a page, as the pointer is over one of their marks: line, row, point. */
export function highlight(runIds: readonly string[] = NONE): void {
  const before = shown.get();
  if (runIds.length === before.length && runIds.every((id, index) => id === before[index])) return;
  shown.set(runIds);
}

/** The runs that stand out. */
export function useHighlighted(): readonly string[] {
  return useWatched(shown);
}

/** Whether one run stands out; what shows it is drawn again only when that changes. */
export function useIsHighlighted(runId: string): boolean {
  return useSyncExternalStore(shown.watch, () => shown.get().includes(runId));
}
