import { useEffect, useRef, useSyncExternalStore } from "react";

/** What changed on the server; empty lists mean that anything may have. */
export interface Change {
  runs: string[];
  experiments: string[];
  /** Registered models, by name. */
  models: string[];
}

export type LiveState = "connecting" | "connected" | "reconnecting";

const ADDRESS = "/ajax-api/assay/1/events";
const RETRY_AFTER = 2000;

const ANYTHING: Change = { runs: [], experiments: [], models: [] };

type Listener = (change: Change) => void;

const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let state: LiveState = "connecting";
let source: EventSource | undefined;
let again: ReturnType<typeof setTimeout> | undefined;

function enter(next: LiveState): void {
  if (next === state) return;
  const lost = state === "reconnecting" && next === "connected";
  state = next;
  for (const watcher of watchers) watcher();
  // Whatever happened while the stream was down was not told.
  if (lost) announce(ANYTHING);
}

function announce(change: Change): void {
  if (paused) {
    missed = missed ? joinChanges(missed, change) : change;
    return;
  }
  for (const listener of listeners) listener(change);
}

let paused = false;
let missed: Change | undefined;

/** Hold the pages as they are, or let them follow again; what changed meanwhile is told then. */
export function pauseLive(pause: boolean): void {
  if (pause === paused) return;
  paused = pause;
  const change = missed;
  missed = undefined;
  if (change) announce(change);
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Whether pages are held as they are. */
export function useLivePaused(): boolean {
  return useSyncExternalStore(watch, () => paused);
}

let greeted: (isAdmin: boolean) => void = () => {};

/** What to do when the stream tells whether an administrator looks at the page. */
export function whenGreeted(act: (isAdmin: boolean) => void): void {
  greeted = act;
}

/** Open the page's one event stream; it stays open, and is opened again when the server comes back. */
export function connect(): void {
  disconnect();
  source = new EventSource(ADDRESS);
  source.addEventListener("hello", (event) => {
    enter("connected");
    greeted(readGreeting((event as MessageEvent<string>).data));
  });
  source.addEventListener("open", () => enter("connected"));
  source.addEventListener("change", (event) => announce(readChange((event as MessageEvent<string>).data)));
  source.addEventListener("error", () => {
    enter("reconnecting");
    // A browser gives up for good where the answer was an error page: ask again ourselves.
    if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, RETRY_AFTER);
  });
}

/** Close the stream, until it is opened again. */
export function disconnect(): void {
  clearTimeout(again);
  source?.close();
  source = undefined;
}

function readGreeting(data: string): boolean {
  return (JSON.parse(data) as { is_admin?: boolean }).is_admin === true;
}

function readChange(data: string): Change {
  try {
    const value = JSON.parse(data) as Partial<Change>;
    return { ...ANYTHING, ...value };
  } catch (error) {
    if (error instanceof SyntaxError) return ANYTHING;
    throw error;
  }
}

/** Whether the stream of changes is up. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(watch, () => state);
}

const PAUSE = 400;

/**
 * Call `react` with what changed: at once, then when it is done and 0.4 s have passed, with all changes in between
 * gathered into one. A slow answer is so never overtaken by the next question.
 */
export function useChanges(react: (change: Change) => Promise<unknown>): void {
  const latest = useRef(react);
  latest.current = react;
  useEffect(() => {
    let waiting: Change | undefined;
    let busy = false;
    let stopped = false;
    const work = async () => {
      while (waiting && !stopped) {
        const change = waiting;
        waiting = undefined;
        // A failed read is shown by the query that made it.
        await latest.current(change).catch(() => undefined);
        await new Promise((resume) => setTimeout(resume, PAUSE));
      }
      busy = false;
    };
    const listener: Listener = (change) => {
      waiting = waiting ? joinChanges(waiting, change) : change;
      if (busy) return;
      busy = true;
      void work();
    };
    listeners.add(listener);
    return () => {
      stopped = true;
      listeners.delete(listener);
    };
  }, []);
}

/** Whether anything may have changed. */
export function isAnything(change: Change): boolean {
  return change.runs.length + change.experiments.length + change.models.length === 0;
}

function joinChanges(left: Change, right: Change): Change {
  if (isAnything(left) || isAnything(right)) return ANYTHING;
  return {
    runs: [...new Set([...left.runs, ...right.runs])],
    experiments: [...new Set([...left.experiments, ...right.experiments])],
    models: [...new Set([...left.models, ...right.models])],
  };
}

/** Whether a change may concern a run. */
export function touchesRun(change: Change, runId: string): boolean {
  return isAnything(change) || change.runs.includes(runId);
}

/** Whether a change may concern an experiment itself, its models or the list of its runs. */
export function touchesExperiment(change: Change, experimentId: string): boolean {
  return isAnything(change) || change.experiments.includes(experimentId);
}

/** Whether a change may concern a registered model; any of them where none is named. */
export function touchesModel(change: Change, name?: string): boolean {
  return isAnything(change) || (name === undefined ? change.models.length > 0 : change.models.includes(name));
}

/** Whether a change can only concern registered models. */
export function onlyModels(change: Change): boolean {
  return change.models.length > 0 && change.runs.length + change.experiments.length === 0;
}
