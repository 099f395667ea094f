import { type Cell, isMissing, toFinite, toNumber } from "./cells";

/** How a param goes together with an outcome. */
export interface Influence {
  column: string;
  kind: "number" | "category";
  /** Runs that have both the param and a finite outcome. */
  count: number;
  /** Different values of the param among them. */
  distinct: number;
  /** Spearman's rank correlation, for numbers. */
  rho: number | undefined;
  /** The share of the outcome's variance that lies between values, or between eighths of the runs by value. */
  etaSquared: number | undefined;
  /** From 0 to 1: |rho| or eta, whichever tells more. */
  strength: number;
  /** Whether the outcome goes up and down with the param rather than in one direction. */
  bent: boolean;
}

/** Ranks from 1, equals sharing the mean of theirs. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(values, (_, at) => at).sort((left, right) => values[left]! - values[right]!);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    for (let at = start; at < end; at += 1) result[order[at]!] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}

/** Pearson's correlation; undefined where one of the two does not vary. */
function correlation(xs: Float64Array, ys: Float64Array): number | undefined {
  const count = xs.length;
  const meanX = xs.reduce((sum, x) => sum + x, 0) / count;
  const meanY = ys.reduce((sum, y) => sum + y, 0) / count;
  let [xx, yy, xy] = [0, 0, 0];
  for (let at = 0; at < count; at += 1) {
    const [dx, dy] = [xs[at]! - meanX, ys[at]! - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy))) : undefined;
}

/** Spearman's rank correlation, equals sharing ranks; undefined where one of the two does not vary. */
export function spearman(xs: ArrayLike<number>, ys: ArrayLike<number>): number | undefined {
  return correlation(ranks(xs), ranks(ys));
}

/** The share of the variance of `values` that lies between groups; undefined where they do not vary. */
export function etaSquared(groups: ArrayLike<string | number>, values: ArrayLike<number>): number | undefined {
  const sums = new Map<string | number, { count: number; sum: number }>();
  let total = 0;
  for (let at = 0; at < values.length; at += 1) {
    const group = sums.get(groups[at]!) ?? { count: 0, sum: 0 };
    sums.set(groups[at]!, { count: group.count + 1, sum: group.sum + values[at]! });
    total += values[at]!;
  }
  const mean = total / values.length;
  let all = 0;
  for (let at = 0; at < values.length; at += 1) all += (values[at]! - mean) ** 2;
  let between = 0;
  for (const { count, sum } of sums.values()) between += count * (sum / count - mean) ** 2;
  return all > 0 ? Math.min(1, between / all) : undefined;
}

const FEWEST = 4;
const EIGHTHS = 8;
const FEWEST_TO_BEND = 40;
const BENT_BY = 0.2;

/** How strongly params go together with an outcome, the strongest first; those that do not vary are left out. */
export function rankInfluence(
  columns: ReadonlyMap<string, readonly Cell[]>,
  names: readonly string[],
  outcome: readonly Cell[],
): Influence[] {
  const found = names.flatMap((column) => {
    const one = influenceOf(column, columns.get(column) ?? [], outcome);
    return one ? [one] : [];
  });
  return found.sort((left, right) => right.strength - left.strength || (left.column < right.column ? -1 : 1));
}

function influenceOf(column: string, cells: readonly Cell[], outcome: readonly Cell[]): Influence | undefined {
  const kept: Cell[] = [];
  const ys: number[] = [];
  cells.forEach((cell, row) => {
    const y = toFinite(outcome[row]);
    if (isMissing(cell) || y === undefined) return;
    kept.push(cell);
    ys.push(y);
  });
  const distinct = new Set(kept.map(String)).size;
  if (kept.length < FEWEST || distinct < 2) return undefined;
  const numbers = kept.map((cell) => toNumber(cell));
  const common = { column, count: kept.length, distinct };
  if (numbers.every((number) => number !== undefined && Number.isFinite(number))) {
    return numberInfluence(common, numbers as number[], ys);
  }
  // Where nearly every run has a value of its own, values tell runs apart, not good from bad.
  if (2 * distinct > kept.length) return undefined;
  const eta = etaSquared(kept.map(String), Float64Array.from(ranks(ys)));
  if (eta === undefined) return undefined;
  return { ...common, kind: "category", rho: undefined, etaSquared: eta, strength: Math.sqrt(eta), bent: false };
}

type Common = Pick<Influence, "column" | "count" | "distinct">;

function numberInfluence(common: Common, xs: number[], ys: number[]): Influence | undefined {
  const rho = spearman(xs, ys);
  if (rho === undefined) return undefined;
  const placed = ranks(xs);
  const groups = placed.map((rank) => Math.min(EIGHTHS - 1, Math.floor(((rank - 0.5) / xs.length) * EIGHTHS)));
  const eta = xs.length >= FEWEST_TO_BEND ? etaSquared(groups, ranks(ys)) : undefined;
  const ratio = Math.sqrt(eta ?? 0);
  const bent = ratio - Math.abs(rho) > BENT_BY;
  const strength = bent ? ratio : Math.abs(rho);
  return { ...common, kind: "number", rho, etaSquared: eta, strength, bent };
}

/** What an influence says, in words. */
export function influenceInWords(
  { kind, rho = 0, strength, bent, distinct, count }: Influence,
  param: string,
  metric: string,
): string {
  const how = strength >= 0.7 ? "strongly" : strength >= 0.4 ? "clearly" : strength >= 0.2 ? "weakly" : "hardly";
  const seen = `over ${count} runs`;
  if (kind === "category") return `${metric} differs ${how} between the ${distinct} values of ${param}, ${seen}.`;
  if (bent) return `${metric} goes up and down ${how} with ${param}, not in one direction, ${seen}.`;
  if (how === "hardly") return `${metric} hardly changes in one direction with ${param}, ${seen}.`;
  return `${metric} ${rho > 0 ? "rises" : "falls"} ${how} as ${param} rises, ${seen}.`;
}
