import { useSyncExternalStore } from "react";
import { formatAgo, formatDateTime } from "../lib/format";

const TICK = 10_000;
const watchers = new Set<() => void>();
let now = Date.now();

// One clock for the page: hundreds of times on screen turn over together.
setInterval(() => {
  now = Date.now();
  for (const watcher of watchers) watcher();
}, TICK);

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** The present, to ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

/** How long ago a time was; the exact time on hover. */
export function Ago({ time }: { time: number }) {
  const present = useNow();
  return (
    <time dateTime={new Date(time).toISOString()} title={formatDateTime(time)}>
      {formatAgo(time, Math.max(present, time))}
    </time>
  );
}
