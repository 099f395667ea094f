import { compareText } from "./cells";
import { formatNumber } from "./format";

/** A table of any origin: CSV, Parquet, JSON. */
export interface Table {
  names: string[];
  rows: unknown[][];
  /** Types as the file tells them; told from the values where it does not. */
  types?: string[];
}

export type ColumnType = "number" | "boolean" | "time" | "text" | "list" | "empty";

export interface ColumnStats {
  type: ColumnType;
  count: number;
  missing: number;
  distinct: number;
  /** Of numbers, and of times in milliseconds. */
  low?: number;
  high?: number;
  mean?: number;
  /** How many of the values fall into each of ten equal parts from low to high. */
  bins?: number[];
  /** The most frequent values, most frequent first. */
  top?: Array<[string, number]>;
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const NOT_FINITE = /^[+-]?(?:nan|inf(?:inity)?)$/i;
const TIME = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const BOOLEAN = /^(?:true|false)$/i;
const BINS = 10;
const TOP = 5;

/** Whether a cell holds nothing. */
export function isBlank(cell: unknown): boolean {
  return cell === null || cell === undefined || cell === "";
}

/** The number in a cell; undefined where it holds none. */
export function numberOf(cell: unknown): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell !== "string") return undefined;
  if (NUMBER.test(cell)) return Number(cell);
  if (!NOT_FINITE.test(cell)) return undefined;
  if (/nan/i.test(cell)) return Number.NaN;
  return cell.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function timeOf(cell: unknown): number | undefined {
  if (cell instanceof Date) return cell.getTime();
  return typeof cell === "string" && TIME.test(cell) ? Date.parse(cell) : undefined;
}

function typeOf(cell: unknown): ColumnType {
  if (isBlank(cell)) return "empty";
  if (numberOf(cell) !== undefined) return "number";
  if (typeof cell === "boolean" || (typeof cell === "string" && BOOLEAN.test(cell))) return "boolean";
  if (timeOf(cell) !== undefined) return "time";
  return typeof cell === "object" ? "list" : "text";
}

/** What a column holds: its type is the one that all its values have. */
export function columnType(rows: readonly unknown[][], column: number): ColumnType {
  let type: ColumnType = "empty";
  for (const row of rows) {
    const own = typeOf(row[column]);
    if (own === "empty" || own === type) continue;
    if (type !== "empty") return "text";
    type = own;
  }
  return type;
}

/** What can be said of a column from the rows at hand. */
export function columnStats(rows: readonly unknown[][], column: number): ColumnStats {
  const type = columnType(rows, column);
  const counts = new Map<string, number>();
  const numbers: number[] = [];
  let missing = 0;
  for (const row of rows) {
    const cell = row[column];
    if (isBlank(cell)) {
      missing++;
      continue;
    }
    const text = formatValue(cell);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    const number = type === "time" ? timeOf(cell) : type === "number" ? numberOf(cell) : undefined;
    if (number !== undefined && Number.isFinite(number)) numbers.push(number);
  }
  const stats = { type, count: rows.length - missing, missing, distinct: counts.size };
  if (numbers.length > 0) return { ...stats, ...spread(numbers) };
  const top = [...counts].sort((left, right) => right[1] - left[1]).slice(0, TOP);
  return { ...stats, top };
}

function spread(numbers: number[]): Pick<ColumnStats, "low" | "high" | "mean" | "bins"> {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let mean = 0;
  for (const [index, number] of numbers.entries()) {
    low = Math.min(low, number);
    high = Math.max(high, number);
    mean += (number - mean) / (index + 1);
  }
  const bins = new Array<number>(BINS).fill(0);
  for (const number of numbers) {
    const part = high > low ? (number - low) / (high - low) : 0;
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(part * BINS)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { low, high, mean, bins };
}

/** The order of the rows by one column; blank cells come last, rows that are equal stay as they were. */
export function sortedRows(rows: readonly unknown[][], column: number, descending: boolean): number[] {
  const type = columnType(rows, column);
  const order = rows.map((_, row) => row);
  const blank = rows.map((row) => isBlank(row[column]));
  const sign = descending ? -1 : 1;
  const compare = type === "number" || type === "time" ? byNumber(rows, column, type) : byText(rows, column);
  return order.sort(
    (left, right) => Number(blank[left]) - Number(blank[right]) || sign * compare(left, right) || left - right,
  );
}

type Compare = (left: number, right: number) => number;

function byNumber(rows: readonly unknown[][], column: number, type: "number" | "time"): Compare {
  const read = type === "time" ? timeOf : numberOf;
  const keys = rows.map((row) => read(row[column]) ?? Number.NaN);
  return (left, right) => {
    const [one, other] = [keys[left]!, keys[right]!];
    if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return one < other ? -1 : one > other ? 1 : 0;
  };
}

function byText(rows: readonly unknown[][], column: number): Compare {
  const keys = rows.map((row) => formatValue(row[column]));
  return (left, right) => compareText(keys[left]!, keys[right]!);
}

const LONGEST_VALUE = 5000;

/** A cell as text, with every digit that it has. */
export function formatValue(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "string") return cell.length > LONGEST_VALUE ? `${cell.slice(0, LONGEST_VALUE)}…` : cell;
  if (cell instanceof Date)
    return Number.isNaN(cell.getTime())
      ? ""
      : cell
          .toISOString()
          .replace("T", " ")
          .replace(/\.000Z$|Z$/, "");
  if (cell instanceof Uint8Array)
    return `${[...cell.subarray(0, 16)].map(hex).join(" ")}${cell.length > 16 ? " …" : ""}`;
  if (typeof cell === "object") return JSON.stringify(cell, plainer)?.slice(0, LONGEST_VALUE) ?? "";
  return String(cell);
}

const hex = (byte: number) => byte.toString(16).padStart(2, "0");

function plainer(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return formatValue(value);
  return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value;
}

/** A column in one line: "0.1 to 0.9", "3 values". */
export function summaryOf({ type, low, high, distinct, count, missing }: ColumnStats): string {
  const gaps = missing > 0 ? `, ${missing} missing` : "";
  if (count === 0) return "empty";
  if (type === "number" && low !== undefined && high !== undefined) {
    return `${low === high ? formatNumber(low) : `${formatNumber(low)} to ${formatNumber(high)}`}${gaps}`;
  }
  return `${distinct === 1 ? "1 value" : `${distinct} values`}${gaps}`;
}

/** The table in JSON as `log_table` and pandas write it: columns and data, or a list of records. */
export function tableOfJson(value: unknown): Table | undefined {
  if (Array.isArray(value)) return tableOfRecords(value);
  if (typeof value !== "object" || value === null) return undefined;
  const { columns, data } = value as { columns?: unknown; data?: unknown };
  if (!isList(columns) || !isList(data) || columns.length === 0 || !data.every(Array.isArray)) return undefined;
  return { names: columns.map(String), rows: data as unknown[][] };
}

function tableOfRecords(records: unknown[]): Table | undefined {
  const flat = (record: unknown) => typeof record === "object" && record !== null && !Array.isArray(record);
  if (records.length < 2 || !records.every(flat)) return undefined;
  const names = new Set<string>();
  for (const record of records) for (const name of Object.keys(record as object)) names.add(name);
  if (names.size === 0 || names.size > 500) return undefined;
  const list = [...names];
  return { names: list, rows: records.map((record) => list.map((name) => (record as Record<string, unknown>)[name])) };
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
