/** A label that would stand above a point. */
export interface Label {
  text: string;
  x: number;
  y: number;
  /** Which of two that meet gives way: the one with more. */
  rank: number;
}

const CHARACTER = 6.6;
const LINE = 13;
const LONGEST = 22;

/** The text of a label, cut where it is long. */
export function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** The labels that can be read: of those that would meet, only the one of the lowest rank. */
export function readable<One extends Label>(labels: readonly One[]): Set<One> {
  const kept = new Set<One>();
  for (const label of labels.toSorted((left, right) => left.rank - right.rank)) {
    if (![...kept].some((other) => meets(label, other))) kept.add(label);
  }
  return kept;
}

function meets(one: Label, other: Label): boolean {
  const room = ((cut(one.text).length + cut(other.text).length) / 2) * CHARACTER;
  return Math.abs(one.x - other.x) < room && Math.abs(one.y - other.y) < LINE;
}
