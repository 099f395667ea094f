import { type Cell, comparePlaces, isMissing, placeOf } from "./cells";

/** Runs as columns: `columns.get(name)[row]` belongs to `runIds[row]`. Never changed in place. */
export interface Frame {
  runIds: string[];
  columns: Map<string, Cell[]>;
}

/** What the server sends of a frame. */
export interface Page {
  run_ids: string[];
  columns: Record<string, Cell[]>;
}

export interface SortKey {
  column: string;
  descending: boolean;
}

export const EMPTY_FRAME: Frame = { runIds: [], columns: new Map() };

/** The cell of a run in a column; null where it has none. */
export function cellAt(frame: Frame, column: string, row: number): Cell {
  return frame.columns.get(column)?.[row] ?? null;
}

/** The text of a cell, empty where there is none. */
export function textAt(frame: Frame, column: string, row: number): string {
  const cell = cellAt(frame, column, row);
  return cell === null ? "" : String(cell);
}

/** A frame with the rows of a page after its own; columns that only one of them has are filled with nothing. */
export function append(frame: Frame, page: Page): Frame {
  const known = new Set(frame.runIds);
  const fresh = page.run_ids.flatMap((id, row) => (known.has(id) ? [] : [row]));
  const runIds = frame.runIds.concat(fresh.map((row) => page.run_ids[row]!));
  const columns = new Map<string, Cell[]>();
  for (const name of new Set([...frame.columns.keys(), ...Object.keys(page.columns)])) {
    const before = frame.columns.get(name) ?? new Array<Cell>(frame.runIds.length).fill(null);
    const after = page.columns[name];
    columns.set(name, before.concat(fresh.map((row) => after?.[row] ?? null)));
  }
  return { runIds, columns };
}

/** A frame without the runs named. */
export function without(frame: Frame, gone: ReadonlySet<string>): Frame {
  const kept = frame.runIds.flatMap((id, row) => (gone.has(id) ? [] : [row]));
  if (kept.length === frame.runIds.length) return frame;
  const columns = new Map<string, Cell[]>();
  for (const [name, cells] of frame.columns) {
    columns.set(
      name,
      kept.map((row) => cells[row] ?? null),
    );
  }
  return { runIds: kept.map((row) => frame.runIds[row]!), columns };
}

/** A frame where the runs of `page` are as the page says: known ones in their place, new ones at the end. */
export function merge(frame: Frame, page: Page): Frame {
  const rows = new Map(frame.runIds.map((id, row) => [id, row]));
  const columns = new Map<string, Cell[]>();
  for (const name of new Set([...frame.columns.keys(), ...Object.keys(page.columns)])) {
    const cells = frame.columns.get(name)?.slice() ?? new Array<Cell>(frame.runIds.length).fill(null);
    const changed = page.columns[name];
    page.run_ids.forEach((id, index) => {
      const row = rows.get(id);
      if (row !== undefined) cells[row] = changed?.[index] ?? null;
    });
    columns.set(name, cells);
  }
  return append({ runIds: frame.runIds, columns }, page);
}

/** Row numbers in the order of the keys; equal rows keep the order they came in. */
export function order(frame: Frame, keys: readonly SortKey[]): number[] {
  const rows = frame.runIds.map((_, row) => row);
  const sorted = keys.map(({ column, descending }) => {
    const cells = frame.columns.get(column) ?? [];
    return { places: rows.map((row) => placeOf(cells[row])), descending };
  });
  return rows.sort((left, right) => {
    for (const { places, descending } of sorted) {
      const difference = comparePlaces(places[left]!, places[right]!, descending);
      if (difference !== 0) return difference;
    }
    return left - right;
  });
}

/** Whether all cells hold the same value. */
export function isConstant(cells: readonly Cell[]): boolean {
  const first = cells[0];
  return !isMissing(first) && cells.every((cell) => cell === first);
}

/** A frame with a column of how long each run took, in milliseconds; nothing for runs that go on. */
export function withDuration(frame: Frame): Frame {
  const starts = frame.columns.get("attributes.start_time") ?? [];
  const ends = frame.columns.get("attributes.end_time") ?? [];
  const spans = frame.runIds.map((_, row): Cell => {
    const start = Number(starts[row] ?? 0);
    const end = Number(ends[row] ?? 0);
    return start > 0 && end >= start ? end - start : null;
  });
  return { runIds: frame.runIds, columns: new Map(frame.columns).set("attributes.duration", spans) };
}

/** A frame with cells of some runs changed; null takes a value out. Runs that it does not hold are left aside. */
export function patch(frame: Frame, changes: ReadonlyMap<string, Record<string, Cell>>): Frame {
  const columns = new Map(frame.columns);
  const copied = new Set<string>();
  frame.runIds.forEach((id, row) => {
    for (const [name, cell] of Object.entries(changes.get(id) ?? {})) {
      if (!copied.has(name)) {
        columns.set(name, columns.get(name)?.slice() ?? new Array<Cell>(frame.runIds.length).fill(null));
        copied.add(name);
      }
      columns.get(name)![row] = cell;
    }
  });
  return copied.size === 0 ? frame : { runIds: frame.runIds, columns };
}

/** A frame with columns of a page beside its own, run by run. */
export function join(frame: Frame, page: Page): Frame {
  const places = new Map(page.run_ids.map((id, index) => [id, index]));
  const at = frame.runIds.map((id) => places.get(id) ?? -1);
  const columns = new Map(frame.columns);
  for (const [name, cells] of Object.entries(page.columns)) {
    if (!columns.has(name)) {
      columns.set(
        name,
        at.map((index) => cells[index] ?? null),
      );
    }
  }
  return { runIds: frame.runIds, columns };
}
