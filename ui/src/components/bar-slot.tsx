import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

const watchers = new Set<() => void>();
let place: HTMLElement | null = null;

function settle(element: HTMLElement | null): void {
  place = element;
  for (const watcher of watchers) watcher();
}

/** The room in the bar on top that pages may use. */
export function BarSlot() {
  return <div ref={settle} className="bar-slot" />;
}

/** What a page puts in the bar on top, beside its name. */
export function InBar({ children }: { children: ReactNode }) {
  const found = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => place,
  );
  return found && createPortal(children, found);
}
