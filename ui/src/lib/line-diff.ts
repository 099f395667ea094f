import { splitLines } from "./lines";

/** A line of two texts laid beside each other; numbers count from 1 and are missing where the text has no such line. */
export interface DiffLine {
  kind: "same" | "removed" | "added";
  left: number | undefined;
  right: number | undefined;
  text: string;
}

export interface LineDiff {
  lines: DiffLine[];
  added: number;
  removed: number;
  /** Whether the texts differ so much that the shortest way between them was not looked for. */
  rough: boolean;
}

const MOST_EDITS = 1500;

/**
 * The lines to take out of one text and to put in to get the other: the fewest (Myers in Algorithmica 1,
 * 1986) up to 1,500 of them. Texts farther apart are told as replaced between their first and last common lines.
 */
export function diffLines(left: string, right: string): LineDiff {
  const [before, after] = [left, right].map((text) => (text === "" ? [] : splitLines(text))) as [string[], string[]];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const [old, fresh] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const path = shortestEdits(old, fresh);
  const lines: DiffLine[] = before
    .slice(0, head)
    .map((text, at) => ({ kind: "same", left: at + 1, right: at + 1, text }));
  for (const [kind, at, other] of path ?? replaced(old, fresh)) {
    if (kind === "removed") lines.push({ kind, left: head + at + 1, right: undefined, text: old[at]! });
    else if (kind === "added") lines.push({ kind, left: undefined, right: head + at + 1, text: fresh[at]! });
    else lines.push({ kind, left: head + at + 1, right: head + other + 1, text: old[at]! });
  }
  for (let at = tail; at > 0; at -= 1) {
    lines.push({ kind: "same", left: before.length - at + 1, right: after.length - at + 1, text: before.at(-at)! });
  }
  const count = (kind: DiffLine["kind"]) => lines.reduce((sum, line) => sum + Number(line.kind === kind), 0);
  return { lines, added: count("added"), removed: count("removed"), rough: path === undefined };
}

type Step = [kind: DiffLine["kind"], at: number, other: number];

function replaced(old: string[], fresh: string[]): Step[] {
  return [...old.map((_, at): Step => ["removed", at, 0]), ...fresh.map((_, at): Step => ["added", at, 0])];
}

/** The steps of a shortest way; undefined where it has more edits than are looked for. */
function shortestEdits(old: string[], fresh: string[]): Step[] | undefined {
  const most = Math.min(MOST_EDITS, old.length + fresh.length);
  const reached: Int32Array[] = [];
  let furthest: Int32Array = new Int32Array(3);
  for (let edits = 0; edits <= most; edits += 1) {
    const next = new Int32Array(2 * edits + 3);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = edits === 0 ? 0 : startOf(furthest, diagonal, edits);
      let y = x - diagonal;
      while (x < old.length && y < fresh.length && old[x] === fresh[y]) {
        x += 1;
        y += 1;
      }
      next[diagonal + edits + 1] = x;
      if (x >= old.length && y >= fresh.length) return wayBack(reached, old.length, fresh.length);
    }
    reached.push(next);
    furthest = next;
  }
  return undefined;
}

/** Where a diagonal begins: one step down from the diagonal above or right from the one below, whichever is further. */
function startOf(furthest: Int32Array, diagonal: number, edits: number): number {
  // Diagonals of the edits before lie from -(edits - 1) to edits - 1, each one place further in their array.
  const above = furthest[diagonal + 1 + edits]!;
  const below = furthest[diagonal - 1 + edits]!;
  return goesDown(furthest, diagonal, edits) ? above : below + 1;
}

function goesDown(furthest: Int32Array, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && furthest[diagonal - 1 + edits]! < furthest[diagonal + 1 + edits]!;
}

function wayBack(reached: Int32Array[], oldLength: number, freshLength: number): Step[] {
  const steps: Step[] = [];
  let [x, y] = [oldLength, freshLength];
  const keepUntil = (start: number) => {
    while (x > start) {
      x -= 1;
      y -= 1;
      steps.push(["same", x, y]);
    }
  };
  for (let edits = reached.length; edits > 0; edits -= 1) {
    const furthest = reached[edits - 1]!;
    const diagonal = x - y;
    const down = goesDown(furthest, diagonal, edits);
    const before = startOf(furthest, diagonal, edits) - (down ? 0 : 1);
    keepUntil(down ? before : before + 1);
    y = before - (down ? diagonal + 1 : diagonal - 1);
    x = before;
    steps.push(down ? ["added", y, 0] : ["removed", x, 0]);
  }
  keepUntil(0);
  return steps.reverse();
}

/** A stretch of a comparison: lines to show, or how many equal ones are left out. */
export type Stretch = { lines: DiffLine[] } | { hidden: number; from: number };

/** Changed lines with `around` equal ones before and after; longer equal stretches are left out. */
export function foldEqual(lines: readonly DiffLine[], around: number): Stretch[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, at) => {
    if (kind !== "same") near.fill(1, Math.max(0, at - around), at + around + 1);
  });
  const stretches: Stretch[] = [];
  for (let start = 0; start < lines.length; ) {
    let end = start + 1;
    while (end < lines.length && near[end] === near[start]) end += 1;
    // A fold of one line takes as much room as the line.
    if (near[start] || end - start === 1) stretches.push({ lines: lines.slice(start, end) });
    else stretches.push({ hidden: end - start, from: start });
    start = end;
  }
  return stretches;
}

/** A JSON text laid out with a line for each value and its keys in order, so that only values differ; others as they are. */
export function evenJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), ordered, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function ordered(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
