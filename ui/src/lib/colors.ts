/** Colours of runs, told apart under every kind of colour vision; see the palette check in the tests. */
export const PALETTE = {
  light: ["#2E70F0", "#ED6829", "#631F5E", "#D86F92", "#A581CE", "#BF0125", "#4B1B95", "#760F32"],
  dark: ["#2E70F0", "#F39179", "#F3E649", "#43F9FE", "#A193E4", "#CD4E0C", "#C6FED3", "#825E8B"],
} as const;

const COUNT = PALETTE.light.length;

/**
 * How far apart each colour and those before it look, in the theme and to the eyes to which they are closest; the test
 * of the palette measures them.
 */
export const APART: readonly (readonly number[])[] = [
  [],
  [83],
  [50, 42],
  [45, 25, 39],
  [27, 58, 35, 29],
  [93, 25, 39, 40, 67],
  [28, 29, 31, 28, 36, 61],
  [44, 39, 26, 35, 28, 27, 56],
];
/** A run keeps the colour it prefers beside others that look this different. */
const CLEARLY = 45;

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

/** The tag of a run that keeps the colour people chose for it: its place in the palette, from 1. */
export const COLOR_TAG = "assay.color";

/** The place in the palette that a tag names; undefined where it names none. */
export function parseColor(tag: string | number | null | undefined): number | undefined {
  const place = Number(tag);
  return Number.isInteger(place) && place >= 1 && place <= COUNT ? place - 1 : undefined;
}

/** The place in the palette that people chose for a run with these tags. */
export function chosenColor(tags: ReadonlyArray<{ key: string; value?: string }> = []): number | undefined {
  return parseColor(tags.find((tag) => tag.key === COLOR_TAG)?.value);
}

export function formatColor(index: number): string {
  return String(index + 1);
}

/** The hue of a run seen alone, or among so many that colours repeat; `chosen` by people or its own. */
export function ownHue(runId: string, chosen?: number): Hue {
  return { index: chosen ?? preferredHue(runId), dash: 0 };
}

/**
 * Hues for runs seen together: each the one it prefers if that is clearly another than those before it, or else the
 * free one farthest from them; a new dash for every eight runs. A run that comes last changes no other. Those `chosen`
 * by people stay as they are, and are avoided by the others while they can be.
 */
export function assignHues(
  runIds: readonly string[],
  chosen: ReadonlyMap<string, number> = new Map(),
): Map<string, Hue> {
  const fixed = runIds.filter((runId) => chosen.has(runId));
  const rest = assignFree(
    runIds.filter((runId) => !chosen.has(runId)),
    new Set(fixed.map((runId) => chosen.get(runId)!)),
  );
  for (const runId of fixed) rest.set(runId, { index: chosen.get(runId)!, dash: 0 });
  return rest;
}

function assignFree(runIds: readonly string[], taken: ReadonlySet<number>): Map<string, Hue> {
  const hues = new Map<string, Hue>();
  let free = new Set<number>();
  let dash = -1;
  for (const runId of runIds) {
    if (hues.has(runId)) continue;
    if (free.size === 0) {
      const all = Array.from({ length: COUNT }, (_, index) => index);
      dash += 1;
      free = new Set(dash === 0 && taken.size < COUNT ? all.filter((index) => !taken.has(index)) : all);
    }
    const index = farthest(preferredHue(runId), free);
    free.delete(index);
    hues.set(runId, { index, dash });
  }
  return hues;
}

/** Of the `free` colours the preferred one, or the one that looks least like any that is in use. */
function farthest(preferred: number, free: ReadonlySet<number>): number {
  const used = PALETTE.light.flatMap((_, index) => (free.has(index) ? [] : [index]));
  const room = (index: number) => Math.min(...used.map((other) => apart(index, other)));
  if (free.has(preferred) && room(preferred) >= CLEARLY) return preferred;
  return [...free].reduce((best, index) => (room(index) > room(best) ? index : best));
}

function apart(left: number, right: number): number {
  return APART[Math.max(left, right)]![Math.min(left, right)]!;
}
