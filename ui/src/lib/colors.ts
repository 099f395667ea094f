/** Colours of runs, told apart under every kind of colour vision; see the palette check in the tests. */
export const PALETTE = {
  light: ["#2E70F0", "#ED6829", "#631F5E", "#D86F92", "#A581CE", "#BF0125", "#4B1B95", "#760F32"],
  dark: ["#2E70F0", "#F39179", "#F3E649", "#43F9FE", "#A193E4", "#CD4E0C", "#C6FED3", "#825E8B"],
} as const;

const COUNT = PALETTE.light.length;

/** A run's place in the palette, and how often the palette was used up before: the dash of its line. */
export interface Hue {
  index: number;
  dash: number;
}

const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3]];

/** The dash of a line, as lengths of strokes and gaps in pixels; empty for a whole line. */
export function dashOf(hue: Hue): readonly number[] {
  return DASHES[hue.dash % DASHES.length] ?? [];
}

function hash(text: string): number {
  let value = 2166136261;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  }
  return value >>> 0;
}

/** The place in the palette that a run prefers, the same on every page. */
export function preferredHue(runId: string): number {
  return hash(runId) % COUNT;
}

/** The hue of a run seen alone, or among so many that colours repeat. */
export function ownHue(runId: string): Hue {
  return { index: preferredHue(runId), dash: 0 };
}

/** Hues for runs seen together: each the one it prefers or the next one free; a new dash for every eight runs. */
export function assignHues(runIds: readonly string[]): Map<string, Hue> {
  const hues = new Map<string, Hue>();
  let free = new Set<number>();
  let dash = -1;
  for (const runId of runIds) {
    if (hues.has(runId)) continue;
    if (free.size === 0) {
      free = new Set(Array.from({ length: COUNT }, (_, index) => index));
      dash += 1;
    }
    let index = preferredHue(runId);
    while (!free.has(index)) index = (index + 1) % COUNT;
    free.delete(index);
    hues.set(runId, { index, dash });
  }
  return hues;
}
