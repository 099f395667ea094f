import type { KeyboardEvent } from "react";
import type { Selection } from "../../components/selection";
import type { Line } from "../../lib/groups";

export interface GridKeys {
  active: number;
  activeColumn: number;
  lines: readonly Line[];
  columns: number;
  page: number;
  selection: Selection;
  onActive: (index: number, column?: number) => void;
  open: (index: number) => void;
  turn: (key: string) => void;
  peek: (index: number) => void;
  edit: (index: number) => void;
  hide: (index: number) => void;
  sortBy: (column: number) => void;
  /** Close what is open beside the table, else drop the selection. */
  escape: () => void;
}

const MOVES: Record<string, (active: number, keys: GridKeys) => number> = {
  ArrowDown: (active) => active + 1,
  j: (active) => active + 1,
  ArrowUp: (active) => active - 1,
  k: (active) => active - 1,
  PageDown: (active, { page }) => active + page,
  PageUp: (active, { page }) => active - page,
  Home: () => 0,
  End: (_, { lines }) => lines.length - 1,
};

/** Keys that act on the line that is active. */
const ACTS: Record<string, (active: number, keys: GridKeys, event: KeyboardEvent | globalThis.KeyboardEvent) => void> =
  {
    x: (active, { selection }, event) => selection.toggle(active, event.shiftKey),
    ArrowRight: goRight,
    ArrowLeft: goLeft,
    Enter: (active, { lines, open, turn }) => {
      const line = lines[active];
      if (line?.kind === "group") turn(line.key);
      else open(active);
    },
    " ": (active, { peek }) => peek(active),
    e: (active, { edit }) => edit(active),
    h: (active, { hide }) => hide(active),
    s: (_, { activeColumn, sortBy }) => activeColumn >= 0 && sortBy(activeColumn),
  };

/** Right opens a line; one that is open, or has nothing to open, is gone into cell by cell. */
function goRight(active: number, { lines, activeColumn, columns, turn, onActive }: GridKeys): void {
  const line = lines[active];
  if (activeColumn === -1 && line?.open === false) turn(line.key);
  else onActive(active, Math.min(columns - 1, activeColumn + 1));
}

/** Left goes back cell by cell, then closes the line, then goes to the one above it. */
function goLeft(active: number, { lines, activeColumn, turn, onActive }: GridKeys): void {
  const line = lines[active];
  if (activeColumn >= 0) onActive(active, activeColumn - 1);
  else if (line?.open) turn(line.key);
  else if (line && line.level > 1) {
    let above = active - 1;
    while (above > 0 && lines[above]!.level >= line.level) above -= 1;
    onActive(above);
  }
}

/** Keys of the run table: move, select, open. */
export function handleGridKey(event: KeyboardEvent | globalThis.KeyboardEvent, keys: GridKeys): void {
  if (!isPlace(event.target) || (event.key === " " && event.target instanceof HTMLInputElement)) return;
  const { selection } = keys;
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "Escape") keys.escape();
  else if (event.key === "a" && control) selection.toggleAll();
  else if (control || event.altKey || !handlePlainKey(event, keys)) return;
  event.preventDefault();
}

/** Keys without Ctrl and Alt; whether it was one of them. */
function handlePlainKey(event: KeyboardEvent | globalThis.KeyboardEvent, keys: GridKeys): boolean {
  const { active, lines, selection, onActive } = keys;
  const move = MOVES[event.key];
  if (move) {
    const next = Math.min(lines.length - 1, Math.max(0, move(active, keys)));
    if (event.shiftKey && active >= 0) selection.toggle(next, true);
    onActive(next);
    return true;
  }
  if (active < 0 || !ACTS[event.key]) return false;
  ACTS[event.key]!(active, keys, event);
  return true;
}

/** Whether a key was pressed on the table itself, not on a heading, link or button in it. */
function isPlace(target: EventTarget | null): boolean {
  return !(target instanceof Element && target.closest(".grid-head, .grid a, .grid button, .peek, .selection-bar"));
}
