import type { Cell } from "./cells";
import { isMissing, toFinite } from "./cells";
import { searchName } from "./columns";
import type { Frame } from "./frame";

/** The values of a column that are wanted: a range of numbers, or some values by name. */
export type Wanted = { low: number; high: number } | { values: string[] };

/** What is wanted of each column; a run must meet all. */
export type Ranges = ReadonlyMap<string, Wanted>;

const NAME = String.raw`(metrics|params|tags|attributes)\.(?:\x60([^\x60]+)\x60|"([^"]+)"|([A-Za-z_][\w.]*))`;
const BOUND = new RegExp(String.raw`^${NAME}\s*(>=|<=)\s*(-?[\d.]+(?:e[+-]?\d+)?)`, "is");
const EQUALS = new RegExp(String.raw`^${NAME}\s*=\s*(?:'([^']*)'|"([^"]*)")`, "is");

/** Ranges as a filter of the search language: `params.lr >= 0.001 and params.lr <= 0.1 and params.opt = 'adam'`. */
export function formatRanges(ranges: Ranges): string {
  return [...ranges]
    .map(([column, wanted]) => {
      const name = searchName(column);
      if ("low" in wanted) return `${name} >= ${wanted.low} and ${name} <= ${wanted.high}`;
      const any = wanted.values.map((value) => `${name} = ${quoted(value)}`).join(" or ");
      return wanted.values.length > 1 ? `(${any})` : any;
    })
    .join(" and ");
}

/** A text in quotes; the language cannot write one that has quotes of both kinds. */
function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

interface Read {
  column: string;
  wanted: Wanted;
  rest: string;
}

function readBound(text: string, ranges: Ranges): Read | undefined {
  const match = BOUND.exec(text);
  if (!match) return undefined;
  const column = columnOf(match);
  const [all, , , , , operator = "", number] = match;
  return { column, wanted: bounded(ranges.get(column), operator, Number(number)), rest: text.slice(all.length) };
}

function readValues(text: string): Read | undefined {
  const open = text.startsWith("(");
  const values: string[] = [];
  let column: string | undefined;
  let rest = open ? text.slice(1).trimStart() : text;
  for (;;) {
    const match = EQUALS.exec(rest);
    if (!match || columnOf(match) !== (column ?? columnOf(match))) return undefined;
    column = columnOf(match);
    values.push(match[5] ?? match[6] ?? "");
    rest = rest.slice(match[0].length);
    const more = open ? /^\s+or\s+/i.exec(rest) : null;
    if (!more) break;
    rest = rest.slice(more[0].length);
  }
  if (!open) return { column, wanted: { values }, rest };
  const close = /^\s*\)/.exec(rest);
  return close ? { column, wanted: { values }, rest: rest.slice(close[0].length) } : undefined;
}

function columnOf([, kind = "", ticked, doubled, plain]: RegExpExecArray): string {
  return `${kind}.${ticked ?? doubled ?? plain}`;
}

/** The ranges that a filter asks for; undefined where it asks for anything else. */
export function parseRanges(text: string): Ranges | undefined {
  const ranges = new Map<string, Wanted>();
  let rest = text.trim();
  while (rest !== "") {
    const read = readBound(rest, ranges) ?? readValues(rest);
    if (!read) return undefined;
    ranges.set(read.column, read.wanted);
    if (read.rest === "") break;
    const and = /^\s+and\s+/i.exec(read.rest);
    if (!and) return undefined;
    rest = read.rest.slice(and[0].length);
  }
  return ranges;
}

function bounded(known: Wanted | undefined, operator: string, bound: number): Wanted {
  const { low, high } =
    known && "low" in known ? known : { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  return operator === ">=" ? { low: bound, high } : { low, high: bound };
}

function meets(cell: Cell | undefined, wanted: Wanted): boolean {
  if ("values" in wanted) return !isMissing(cell) && wanted.values.includes(String(cell));
  const value = toFinite(cell);
  return value !== undefined && value >= wanted.low && value <= wanted.high;
}

/** The rows of a frame, or those of a sample of it, that meet all ranges, in order. */
export function rowsWithin(frame: Frame, ranges: Ranges, sample?: Uint32Array): Uint32Array {
  const asked = [...ranges].map(([column, wanted]) => ({ cells: frame.columns.get(column), wanted }));
  const rows = sample ?? Uint32Array.from(frame.runIds, (_, row) => row);
  return rows.filter((row) => asked.every(({ cells, wanted }) => meets(cells?.[row], wanted)));
}

/** Ranges with those of one column changed; taken out where nothing is wanted of it. */
export function withRange(ranges: Ranges, column: string, wanted: Wanted | undefined): Ranges {
  const next = new Map(ranges);
  if (wanted === undefined || ("values" in wanted && wanted.values.length === 0)) next.delete(column);
  else next.set(column, wanted);
  return next;
}

/** A filter that asks for both of two others. */
export function bothFilters(left: string, right: string): string {
  const parts = [left.trim(), right.trim()].filter((part) => part !== "");
  const needs = (part: string) => parts.length > 1 && /\bor\b/i.test(part);
  return parts.map((part) => (needs(part) ? `(${part})` : part)).join(" and ");
}
