import { type Cell, toNumber } from "./cells";
import type { Line } from "./curves";

/** A group of runs by step, as the server sums it up. */
export interface RawBand {
  group: number;
  runs: number;
  points: number;
  finite: number;
  steps: number[];
  counts: number[];
  means: Cell[];
  deviations: Cell[];
  lows: Cell[];
  highs: Cell[];
}

/** The mean of some runs by step, with what they spread over there. */
export interface Band {
  steps: Float64Array;
  means: Float64Array;
  /** Standard deviations of samples; NaN where only one run has a value. */
  deviations: Float64Array;
  lows: Float64Array;
  highs: Float64Array;
  /** How many runs have a value there. */
  counts: Float64Array;
  runs: number;
  points: number;
  /** How many of the points count. */
  finite: number;
}

const numbers = (cells: readonly Cell[]) => Float64Array.from(cells, (cell) => toNumber(cell) ?? Number.NaN);

export function toBand(raw: RawBand): Band {
  return {
    steps: Float64Array.from(raw.steps),
    means: numbers(raw.means),
    deviations: numbers(raw.deviations),
    lows: numbers(raw.lows),
    highs: numbers(raw.highs),
    counts: Float64Array.from(raw.counts),
    runs: raw.runs,
    points: raw.points,
    finite: raw.finite,
  };
}

/** The band of lines at hand, such as those of a formula: at every step, the lines that have a finite value there. */
export function bandOf(lines: readonly Line[]): Band {
  const values = new Map<number, number[]>();
  for (const { steps, ys } of lines) {
    ys.forEach((value, index) => {
      if (!Number.isFinite(value)) return;
      const step = steps[index]!;
      const found = values.get(step);
      if (found) found.push(value);
      else values.set(step, [value]);
    });
  }
  const rows = [...values].sort(([left], [right]) => left - right).map(([step, found]) => ({ step, ...sumUp(found) }));
  const column = (read: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, read);
  return {
    steps: column((row) => row.step),
    means: column((row) => row.mean),
    deviations: column((row) => row.deviation),
    lows: column((row) => row.low),
    highs: column((row) => row.high),
    counts: column((row) => row.count),
    runs: lines.length,
    points: lines.reduce((sum, line) => sum + line.count, 0),
    finite: rows.reduce((sum, row) => sum + row.count, 0),
  };
}

function sumUp(values: readonly number[]) {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value / count, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN,
    low: Math.min(...values),
    high: Math.max(...values),
  };
}

/** The edges of a band as it is drawn: a deviation on either side of the mean, or the extremes. */
export function edges(band: Band, spread: "std" | "range"): { low: Float64Array; high: Float64Array } {
  if (spread === "range") return { low: band.lows, high: band.highs };
  const apart = band.deviations.map((value) => (Number.isNaN(value) ? 0 : value));
  return {
    low: band.means.map((mean, index) => mean - apart[index]!),
    high: band.means.map((mean, index) => mean + apart[index]!),
  };
}
