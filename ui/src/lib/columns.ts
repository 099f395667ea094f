import { type Cell, compareText, isMissing, toNumber } from "./cells";
import { formatCell } from "./format";
import { cellAt, type Frame, isConstant, textAt } from "./frame";
import { rankMetrics } from "./metrics";

/**
 * What a column shows: its name is the kind, a dot and the key. Of metrics there are the last value, the least, the
 * greatest and the first one (`metrics_min.loss`, ...), and the curve (`curves.loss`).
 */
export type ColumnKind = "attributes" | MetricKind | "curves" | "params" | "tags";
export type MetricKind = "metrics" | "metrics_min" | "metrics_max" | "metrics_first";

/** Kinds that show something of a metric, with the word that tells them apart. */
export const METRIC_WORDS: Partial<Record<ColumnKind, string>> = {
  metrics: "last",
  metrics_min: "min",
  metrics_max: "max",
  metrics_first: "first",
  curves: "curve",
};

const SEPARATOR = ".";
const MOST_METRICS = 6;
const FEWEST_METRICS = 3;
const MOST_PARAMS = 14;
/** Pixels for metrics and params on a screen of 1,440: the rest is for names, status and the edge. */
const ROOM = 1440 - 248 - 104 - 16;

/** Tags that say something to a reader and are shown as columns when they vary. */
const INTERNAL_TAG = /^(mlflow|assay)\./;

export const RUN_NAME = "attributes.run_name";
export const STATUS = "attributes.status";
export const START_TIME = "attributes.start_time";
export const END_TIME = "attributes.end_time";
export const USER = "attributes.user_id";
export const EXPERIMENT = "attributes.experiment_id";
export const STAGE = "attributes.lifecycle_stage";
export const DURATION = "attributes.duration";

const ATTRIBUTE_LABELS: Record<string, string> = {
  [RUN_NAME]: "Name",
  [STATUS]: "Status",
  [START_TIME]: "Started",
  [END_TIME]: "Ended",
  [USER]: "User",
  [EXPERIMENT]: "Experiment",
  [DURATION]: "Duration",
  "attributes.artifact_uri": "Artifact location",
};

/** Attributes that can be chosen as columns beside the name. */
export const ATTRIBUTES = [STATUS, START_TIME, DURATION, END_TIME, USER, "attributes.artifact_uri"];

export function kindOf(column: string): ColumnKind {
  return column.slice(0, column.indexOf(SEPARATOR)) as ColumnKind;
}

export function keyOf(column: string): string {
  return column.slice(column.indexOf(SEPARATOR) + 1);
}

/** Whether a column holds numbers of a metric. */
export function isMetric(column: string): boolean {
  const kind = kindOf(column);
  return kind in METRIC_WORDS && kind !== "curves";
}

/** What a run is called: its id where its name shows nothing. */
export function calledBy(name: string | null | undefined, runId: string): string {
  return name?.trim() ? name : runId;
}

/** What the run in a row of a frame is called. */
export function nameAt(frame: Frame, row: number): string {
  return calledBy(textAt(frame, RUN_NAME, row), frame.runIds[row] ?? "");
}

/** The heading of a column. */
export function labelOf(column: string): string {
  return ATTRIBUTE_LABELS[column] ?? keyOf(column);
}

/** The heading of a column with the word for what it shows of a metric, if that is not the last value. */
export function fullLabelOf(column: string): string {
  const word = kindOf(column) === "metrics" ? undefined : METRIC_WORDS[kindOf(column)];
  return word ? `${labelOf(column)} ${word}` : labelOf(column);
}

/** The columns that a choice stands for: one that ends with `*` for all of the frame that begin so. */
export function expandColumns(frame: Frame, chosen: readonly string[]): string[] {
  const expanded = chosen.flatMap((column) => {
    if (!column.endsWith("*") || frame.columns.has(column)) return [column];
    const kind = kindOf(column);
    const begin = keyOf(column).slice(0, -1);
    const keys = columnsOf(frame, kind in METRIC_WORDS ? "metrics" : kind).map(keyOf);
    return keys.filter((key) => key.startsWith(begin)).map((key) => `${kind}${SEPARATOR}${key}`);
  });
  return [...new Set(expanded)];
}

const FOLDED: ReadonlySet<ColumnKind> = new Set(["metrics", "params", "tags"]);

/** Columns apart: those that differ between rows, and those that hold the same value in every row that has one. */
export function foldEqual(
  frame: Frame,
  columns: readonly string[],
  rows: readonly number[],
): { shown: string[]; constant: string[] } {
  const constant = columns.filter((column) => {
    const kind = kindOf(column);
    if (!FOLDED.has(kind) || rows.length < 2) return false;
    const cells = frame.columns.get(column);
    if (!cells) return frame.runIds.length > 0;
    const present = rows.map((row) => cells[row] ?? null).filter((cell) => !isMissing(cell));
    return present.length === 0 || isConstant(present);
  });
  const folded = new Set(constant);
  return { shown: columns.filter((column) => !folded.has(column)), constant };
}

/** A column's name in the search language: keys with odd characters stand in backticks. */
export function searchName(column: string): string {
  const key = keyOf(column);
  const plain = /^[A-Za-z_][\w.]*$/.test(key);
  const quote = key.includes("`") ? '"' : "`";
  return `${kindOf(column)}${SEPARATOR}${plain ? key : `${quote}${key}${quote}`}`;
}

const ORDERED = new WeakMap<Frame, Map<ColumnKind, string[]>>();

/** The columns of one kind that hold anything, in reading order. Worked out once for a frame, since frames never change. */
export function columnsOf(frame: Frame, kind: ColumnKind): readonly string[] {
  const known = ORDERED.get(frame) ?? new Map<ColumnKind, string[]>();
  ORDERED.set(frame, known);
  const ordered = known.get(kind) ?? orderColumns(frame, kind);
  known.set(kind, ordered);
  return ordered;
}

function orderColumns(frame: Frame, kind: ColumnKind): string[] {
  const names = [...frame.columns.keys()].filter((name) => kindOf(name) === kind);
  if (kind !== "metrics") return names.sort((left, right) => compareText(keyOf(left), keyOf(right)));
  const held = new Map(names.map((name) => [keyOf(name), countHeld(frame.columns.get(name))]));
  return rankMetrics([...held.keys()], held).map((key) => `${kind}${SEPARATOR}${key}`);
}

function countHeld(cells: readonly Cell[] = []): number {
  let count = 0;
  for (const cell of cells) if (!isMissing(cell)) count += 1;
  return count;
}

export interface Choice {
  shown: string[];
  /** Params that are equal in all runs that have them, which most do. */
  constant: string[];
  /** Metrics and varying params left out for want of room. */
  more: number;
}

/** Columns for a reader who chose none: metrics, then params that vary; those that are equal are folded. */
export function defaultColumns(frame: Frame): Choice {
  const metrics = columnsOf(frame, "metrics");
  const params = columnsOf(frame, "params");
  // Runs without any param (just begun, or the parent of a sweep) say nothing of what varies.
  const telling = frame.runIds.filter((_, row) => params.some((name) => !isMissing(cellAt(frame, name, row)))).length;
  const constant = params.filter((name) => {
    const present = (frame.columns.get(name) ?? []).filter((cell) => !isMissing(cell));
    return present.length > 1 && 2 * present.length > telling && isConstant(present);
  });
  const folded = new Set(constant);
  const varying = params.filter((name) => !folded.has(name));
  const shownParams = varying.slice(0, MOST_PARAMS);
  const shownMetrics = metrics.slice(0, metricsThatFit(frame, metrics, shownParams));
  return {
    shown: [STATUS, ...shownMetrics, ...shownParams, START_TIME, DURATION],
    constant,
    more: metrics.length - shownMetrics.length + varying.length - shownParams.length,
  };
}

/** How many metrics stand before the params without pushing these off the screen; never fewer than three. */
function metricsThatFit(frame: Frame, metrics: readonly string[], params: readonly string[]): number {
  let room = ROOM - params.reduce((sum, name) => sum + columnWidth(frame, name), 0);
  let count = 0;
  for (const name of metrics.slice(0, MOST_METRICS)) {
    room -= columnWidth(frame, name);
    if (room < 0) break;
    count += 1;
  }
  return Math.max(count, FEWEST_METRICS);
}

/** Tag columns worth offering: those that people set. */
export function readableTags(frame: Frame): string[] {
  return columnsOf(frame, "tags").filter((name) => !INTERNAL_TAG.test(keyOf(name)));
}

export function isNumeric(cells: readonly Cell[] | undefined): boolean {
  let numbers = 0;
  for (const cell of cells ?? []) {
    if (isMissing(cell)) continue;
    if (toNumber(cell) === undefined) return false;
    numbers += 1;
  }
  return numbers > 0;
}

const CHARACTER = 7.4;
const PADDING = 26;
const SAMPLE = 200;
const CURVE_WIDTH = 124;
const FIXED_WIDTHS: Record<string, number> = {
  [STATUS]: 104,
  [START_TIME]: 96,
  [END_TIME]: 96,
  [DURATION]: 88,
};

/** A width in pixels that shows heading and values of a column, within reason. */
export function columnWidth(frame: Frame, column: string): number {
  if (kindOf(column) === "curves") {
    return Math.round(Math.min(220, Math.max(CURVE_WIDTH, fullLabelOf(column).length * CHARACTER + PADDING)));
  }
  const fixed = FIXED_WIDTHS[column];
  if (fixed) return fixed;
  let longest = Math.min(18, fullLabelOf(column).length + 2);
  for (const cell of (frame.columns.get(column) ?? []).slice(0, SAMPLE)) {
    longest = Math.max(longest, formatCell(cell).length);
  }
  return Math.round(Math.min(220, Math.max(72, longest * CHARACTER + PADDING)));
}
