/** A stretch of a line as it stands on screen: from character `start` to `end` of line `line`. */
export interface Row {
  line: number;
  start: number;
  end: number;
}

/** The lines of a text, whatever ends them. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines;
}

// Longer stretches make browsers slow, whether or not they are wrapped.
const LONGEST_ROW = 2000;

/** Lines as rows of at most `width` characters; only over-long lines are broken where `width` is undefined. */
export function layRows(lines: readonly string[], width: number | undefined): Row[] {
  const most = Math.max(8, Math.min(width ?? LONGEST_ROW, LONGEST_ROW));
  const rows: Row[] = [];
  for (const [line, text] of lines.entries()) {
    let start = 0;
    do {
      const end = breakAt(text, start, most);
      rows.push({ line, start, end });
      start = end;
    } while (start < text.length);
  }
  return rows;
}

function breakAt(text: string, start: number, most: number): number {
  const end = Math.min(text.length, start + most);
  const inside = end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00; // the half of a pair
  return inside && end - 1 > start ? end - 1 : end;
}

/** The first row of a line. */
export function rowOfLine(rows: readonly Row[], line: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A place where a searched text was found. */
export interface Hit {
  line: number;
  start: number;
  end: number;
}

/** Where a text occurs, case aside, at most `limit` times. */
export function findHits(lines: readonly string[], wanted: string, limit: number): Hit[] {
  const hits: Hit[] = [];
  if (wanted === "") return hits;
  const lower = wanted.toLowerCase();
  for (const [line, text] of lines.entries()) {
    const low = text.toLowerCase();
    for (let at = low.indexOf(lower); at >= 0; at = low.indexOf(lower, at + lower.length)) {
      hits.push({ line, start: at, end: at + lower.length });
      if (hits.length >= limit) return hits;
    }
  }
  return hits;
}

/** A piece of a row: how it is coloured, and whether it is a hit of the search. */
export interface Piece {
  /** Its first character's place in the line. */
  start: number;
  text: string;
  kind: string;
  hit: boolean;
}

/** A coloured stretch of a line, from `start` on; it ends where the next begins. */
export interface Token {
  start: number;
  kind: string;
}

/** A row cut where colours change and hits begin and end. */
export function cutRow(text: string, row: Row, tokens: readonly Token[], hits: readonly Hit[]): Piece[] {
  const edges = new Set([row.start, row.end]);
  const inside = (at: number) => at > row.start && at < row.end;
  for (const { start } of tokens) if (inside(start)) edges.add(start);
  for (const { start, end } of hits) {
    if (inside(start)) edges.add(start);
    if (inside(end)) edges.add(end);
  }
  const places = [...edges].sort((left, right) => left - right);
  return places.slice(0, -1).map((start, index) => ({
    start,
    text: text.slice(start, places[index + 1]),
    kind: tokens.findLast((token) => token.start <= start)?.kind ?? "",
    hit: hits.some((hit) => hit.start <= start && start < hit.end),
  }));
}

const TAG = /<span class="([^"]*)">|<\/span>|\n|&(amp|lt|gt|quot|#x27);/g;
const ENTITY: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

/** What highlight.js gives, as coloured stretches of each line: spans go over line ends, lines stand alone. */
export function tokensOfLines(html: string): Token[][] {
  const lines: Token[][] = [];
  const kinds: string[] = [];
  let tokens: Token[] = [];
  let column = 0;
  let at = 0;
  const mark = () => {
    const kind = kinds.at(-1) ?? "";
    if (tokens.at(-1)?.start === column) tokens.pop();
    if ((tokens.at(-1)?.kind ?? "") !== kind) tokens.push({ start: column, kind });
  };
  for (const found of html.matchAll(TAG)) {
    column += found.index - at;
    at = found.index + found[0].length;
    if (found[1] !== undefined) {
      kinds.push(found[1]);
      mark();
    } else if (found[0] === "</span>") {
      kinds.pop();
      mark();
    } else if (found[0] === "\n") {
      lines.push(tokens);
      tokens = [];
      column = 0;
      if (kinds.length > 0) mark();
    } else {
      column += (ENTITY[found[2] ?? ""] ?? "").length;
    }
  }
  lines.push(tokens);
  return lines;
}
