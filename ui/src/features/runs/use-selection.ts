import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { setParameters } from "../../components/parameters";
import type { Frame } from "../../lib/frame";
import { joinList } from "../../lib/url-state";

/** Selections up to here are part of the address; longer ones would make it unusable. */
const MOST_IN_ADDRESS = 50;

export interface Selection {
  selected: ReadonlySet<string>;
  toggle: (index: number, range: boolean) => void;
  toggleAll: () => void;
  clear: () => void;
}

/** The runs selected in the table, kept in the address. */
export function useSelection(frame: Frame, rows: number[], initial: string[]): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set(initial));
  const anchor = useRef(0);
  const current = useRef({ frame, rows, selected });
  current.current = { frame, rows, selected };
  const change = useCallback((next: ReadonlySet<string>) => {
    setSelected(next);
    setParameters({ runs: next.size <= MOST_IN_ADDRESS ? joinList([...next]) : "" });
  }, []);
  const toggle = useCallback(
    (index: number, range: boolean) => {
      const { frame: held, rows: shown, selected: before } = current.current;
      const next = new Set(before);
      const idAt = (place: number) => held.runIds[shown[place] ?? -1];
      const id = idAt(index);
      if (id === undefined) return;
      if (range) {
        const [low, high] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
        for (let place = low; place <= high; place += 1) next.add(idAt(place) ?? id);
      } else if (!next.delete(id)) next.add(id);
      if (!range) anchor.current = index;
      change(next);
    },
    [change],
  );
  const clear = useCallback(() => change(new Set()), [change]);
  const toggleAll = useCallback(() => {
    const { frame: held, rows: shown, selected: before } = current.current;
    change(before.size >= shown.length ? new Set() : new Set(shown.map((row) => held.runIds[row]!)));
  }, [change]);
  return useMemo(() => ({ selected, toggle, toggleAll, clear }), [selected, toggle, toggleAll, clear]);
}

interface GridKeys {
  active: number;
  count: number;
  page: number;
  selection: Selection;
  onActive: (index: number) => void;
  open: (index: number) => void;
}

const MOVES: Record<string, (active: number, keys: GridKeys) => number> = {
  ArrowDown: (active) => active + 1,
  j: (active) => active + 1,
  ArrowUp: (active) => active - 1,
  k: (active) => active - 1,
  PageDown: (active, { page }) => active + page,
  PageUp: (active, { page }) => active - page,
  Home: () => 0,
  End: (_, { count }) => count - 1,
};

/** Keys of the run table: move, select, open. */
export function handleGridKey(event: KeyboardEvent | globalThis.KeyboardEvent, keys: GridKeys): void {
  const { active, count, selection, onActive, open } = keys;
  const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : MOVES[event.key];
  if (move) {
    event.preventDefault();
    const next = Math.min(count - 1, Math.max(0, move(active, keys)));
    if (event.shiftKey && active >= 0) selection.toggle(next, true);
    onActive(next);
  } else if (event.key === "x" && active >= 0) selection.toggle(active, event.shiftKey);
  else if (event.key === "Enter" && active >= 0 && isPlace(event.target)) open(active);
  else if (event.key === "Escape") selection.clear();
  else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    selection.toggleAll();
  }
}

/** Whether a key was pressed on the table itself, not on a link or button in it. */
function isPlace(target: EventTarget | null): boolean {
  return !(target instanceof Element && target.closest("a, button"));
}
