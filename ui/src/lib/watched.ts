import { useSyncExternalStore } from "react";

/** One value that parts of a page share without drawing the page anew when it changes. */
export interface Watched<Value> {
  get: () => Value;
  set: (value: Value) => void;
  watch: (watcher: () => void) => () => void;
}

export function watched<Value>(first: Value): Watched<Value> {
  let value = first;
  const watchers = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const watcher of watchers) watcher();
    },
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

export function useWatched<Value>(shared: Watched<Value>): Value {
  return useSyncExternalStore(shared.watch, shared.get);
}
