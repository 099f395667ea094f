import { toFinite } from "./cells";
import { type Frame, isConstant } from "./frame";

export type Direction = "min" | "max";

export interface MainMetric {
  key: string;
  direction: Direction;
}

/** The tag of an experiment that keeps its main metric for everyone, as "max val_accuracy". */
export const MAIN_METRIC_TAG = "assay.main_metric";

const LOWER_IS_BETTER =
  /(^|[/_.\-\s])(loss|err|error|rmse|mse|mae|mape|nll|perplexity|ppl|wer|cer|time|latency|seconds|duration|logloss|log_loss|brier|regret|fid|bpb|bpc)(?=$|[/_.\-\s\d])/i;
const MEASURES_QUALITY =
  /(acc|auc|f1|score|precision|recall|r2|bleu|rouge|map|iou|dice|loss|error|rmse|mse|mae|perplexity)/i;
const HELD_OUT = /(^|[/_.\-\s])(val|valid|validation|eval|test|dev|cv)(?=$|[/_.\-\s])/i;
const HOUSEKEEPING = /^(system\/|epoch$|step$|lr$|learning_rate$|global_step$)/i;

/** Whether a metric says how busy the machine was. */
export function isSystemMetric(key: string): boolean {
  return key.startsWith("system/");
}

/** Which way a metric improves, where its name says so; undefined for those such as "flops" that only describe. */
export function knownDirection(key: string): Direction | undefined {
  if (HOUSEKEEPING.test(key)) return undefined;
  if (LOWER_IS_BETTER.test(key)) return "min";
  return MEASURES_QUALITY.test(key) ? "max" : undefined;
}

/** Which way a metric improves, by the usual meaning of its name; more is better where that is unknown. */
export function guessDirection(key: string): Direction {
  return LOWER_IS_BETTER.test(key) ? "min" : "max";
}

/** How likely a metric is the one that people look at first; more is likelier. */
function importance(key: string): number {
  if (HOUSEKEEPING.test(key)) return -1;
  const quality = MEASURES_QUALITY.test(key) ? 2 : 0;
  const heldOut = HELD_OUT.test(key) ? 2 : 0;
  return quality + heldOut + (guessDirection(key) === "max" && quality > 0 ? 1 : 0);
}

/**
 * Metric keys with the likeliest main metric first; machine figures last.
 *
 * With `held`, how many runs have each, a metric that only a few runs have (the parent of a sweep) comes after those
 * that most have; equals come by that count, then by name.
 */
export function rankMetrics(keys: readonly string[], held?: ReadonlyMap<string, number>): string[] {
  const most = Math.max(0, ...(held?.values() ?? []));
  const places = keys.map((key) => {
    const count = held?.get(key) ?? most;
    const weight = importance(key);
    const tier = weight < 0 ? 0 : 2 * count >= most ? 2 : 1;
    return { key, tier, weight, count };
  });
  places.sort(
    (left, right) =>
      right.tier - left.tier ||
      right.weight - left.weight ||
      right.count - left.count ||
      (left.key < right.key ? -1 : 1),
  );
  return places.map((place) => place.key);
}

/** The main metric kept in the experiment's tag; undefined where there is none or it does not read. */
export function parseMainMetric(tag: string | undefined): MainMetric | undefined {
  const match = /^(min|max) (.+)$/s.exec(tag ?? "");
  return match ? { direction: match[1] as Direction, key: match[2]! } : undefined;
}

export function formatMainMetric(main: MainMetric): string {
  return `${main.direction} ${main.key}`;
}

/** The rows that hold the best value of a column. None where fewer than two runs have a value or all are equal. */
export function bestRows(frame: Frame, column: string, direction: Direction): Set<number> {
  const cells = frame.columns.get(column) ?? [];
  const present = cells.filter((cell) => toFinite(cell) !== undefined);
  if (present.length < 2 || isConstant(present)) return new Set();
  const sign = direction === "max" ? 1 : -1;
  let best = Number.NEGATIVE_INFINITY;
  let rows = new Set<number>();
  cells.forEach((cell, row) => {
    const value = toFinite(cell);
    if (value === undefined || value * sign < best) return;
    if (value * sign > best) rows = new Set();
    best = value * sign;
    rows.add(row);
  });
  return rows;
}
