import { type Cell, toFinite } from "./cells";
import type { Extent } from "./curves";

/** The least and greatest finite value of a column; undefined where there is none. */
export function columnExtent(cells: readonly Cell[] | undefined): Extent | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const cell of cells ?? []) {
    const value = toFinite(cell);
    if (value === undefined) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : undefined;
}
