import { type FilterProblem, TOKEN, type Vocabulary } from "./filter-text";

/** A filter that may be what was meant, and the part of it that is new. */
export interface Fix {
  query: string;
  label: string;
}

const MOST = 4;
const FURTHEST = 2;
const WORD = /[^\s()=<>!,]+/g;

/** What a refused filter may have meant: names that the runs have, or what the server proposes. */
export function fixesOf(problem: FilterProblem, query: string, vocabulary: Vocabulary): Fix[] {
  if (problem.start === undefined) return [];
  const place = wordAt(query, problem.start);
  if (!place) return [];
  const { word, start } = place;
  const replace = (label: string): Fix => ({
    label,
    query: query.slice(0, start) + label + query.slice(start + word.length),
  });
  const written = /\bWrite (\w+\.(?:`[^`]*`|"[^"]*"))/.exec(problem.message)?.[1];
  if (written) return [replace(written)];
  const bare = word.replace(/^["'`]|["'`]$/g, "");
  const same = word.includes(".") ? [] : vocabulary.names.filter((name) => bareKey(name) === bare.toLowerCase());
  if (same.length > 0) return same.slice(0, MOST).map(replace);
  const proposed = /Did you mean '([^']+)'/.exec(problem.message)?.[1];
  const dot = word.indexOf(".");
  if (proposed) return [replace(dot === -1 ? proposed : proposed + word.slice(dot))];
  return nearest(bare, vocabulary.names).slice(0, MOST).map(replace);
}

/** Names in a filter that no run has, with those that are written much the same: what to say when nothing matches. */
export function unknownNames(query: string, vocabulary: Vocabulary): Array<{ name: string; fixes: Fix[] }> {
  const known = new Set(vocabulary.names);
  const found: Array<{ name: string; fixes: Fix[] }> = [];
  for (const match of query.matchAll(TOKEN)) {
    const [name] = match;
    if (!/^(metrics|params|tags)\./.test(name) || known.has(name)) continue;
    if (known.has(name.replace(/^(\w+)\.[`"](.*)[`"]$/s, "$1.$2"))) continue;
    const kind = name.slice(0, name.indexOf(".") + 1);
    const alike = vocabulary.names.filter((other) => other.startsWith(kind));
    const fixes = nearest(bareKey(name), alike).map((label) => ({
      label,
      query: query.slice(0, match.index) + label + query.slice(match.index + name.length),
    }));
    found.push({ name, fixes: fixes.slice(0, MOST) });
  }
  return found;
}

function wordAt(query: string, position: number): { word: string; start: number } | undefined {
  for (const match of query.matchAll(WORD)) {
    if (match.index + match[0].length >= position && match.index <= position) {
      return { word: match[0], start: match.index };
    }
  }
  return undefined;
}

function bareKey(name: string): string {
  return name
    .slice(name.indexOf(".") + 1)
    .replace(/^[`"]|[`"]$/g, "")
    .toLowerCase();
}

/** Names whose key is the same but for two letters, or holds the word; the nearest first. */
function nearest(word: string, names: readonly string[]): string[] {
  const needle = word.toLowerCase();
  if (needle.length < 2) return [];
  const placed = names.flatMap((name) => {
    const key = bareKey(name);
    const apart = distance(needle, key);
    if (apart <= Math.min(FURTHEST, Math.floor(needle.length / 2))) return [{ name, apart }];
    return key.includes(needle) ? [{ name, apart: FURTHEST + 1 }] : [];
  });
  return placed.sort((left, right) => left.apart - right.apart).map(({ name }) => name);
}

/** How many letters must be changed, added or left out to make one word of the other; no more than asked for counts. */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > FURTHEST) return FURTHEST + 1;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const changed = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}
