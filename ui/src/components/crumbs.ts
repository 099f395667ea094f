import { useEffect, useSyncExternalStore } from "react";

export interface Crumb {
  label: string;
  /** Where it leads; the last one leads nowhere. */
  href?: string;
}

const watchers = new Set<() => void>();
let crumbs: Crumb[] = [];

/** Say where the page stands: in the bar on top, and in the title of the window. */
export function useCrumbs(here: Crumb[]): void {
  const text = JSON.stringify(here);
  useEffect(() => {
    crumbs = JSON.parse(text) as Crumb[];
    const labels = crumbs.map((crumb) => crumb.label).reverse();
    document.title = [...labels, "Assay"].join(" · ");
    for (const watcher of watchers) watcher();
  }, [text]);
}

/** Where the page stands. */
export function useShownCrumbs(): Crumb[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => crumbs,
  );
}
