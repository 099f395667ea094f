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

/** Room above and below the data, so that a line does not touch the frame. */
export function padExtent({ low, high }: Extent, log: boolean): Extent {
  if (log) {
    const ratio = high > low ? (high / low) ** 0.06 : 2;
    return { low: low / ratio, high: high * ratio };
  }
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 1;
  return { low: low - room, high: high + room };
}
