import { colourTable, type Rgb } from "./raster";
import type { Theme } from "./theme";

// Viridis (Smith and van der Walt, 2015), at even steps; each theme leaves out the end that its page would swallow.
const VIRIDIS: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];
const SHOWN: Record<Theme, readonly Rgb[]> = { light: VIRIDIS.slice(0, 8), dark: VIRIDIS.slice(2) };
const TABLES: Record<Theme, Uint8Array> = { light: colourTable(SHOWN.light), dark: colourTable(SHOWN.dark) };
const GREYS: Record<Theme, Uint8Array> = {
  light: colourTable(new Array<Rgb>(2).fill([176, 183, 194])),
  dark: colourTable(new Array<Rgb>(2).fill([70, 80, 94])),
};

/** 256 colours from low to high. */
export function valueTable(theme: Theme): Uint8Array {
  return TABLES[theme];
}

/** The colour of what stands back, as such a table. */
export function greyTable(theme: Theme): Uint8Array {
  return GREYS[theme];
}

/** The colour of a share from 0 to 1; grey for none. */
export function shareColour(share: number, theme: Theme): string {
  const table = Number.isNaN(share) ? GREYS[theme] : TABLES[theme];
  const at = Math.round(Math.min(1, Math.max(0, share || 0)) * 255) * 3;
  return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`;
}
