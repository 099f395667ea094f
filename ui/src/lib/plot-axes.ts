import { type Cell, compareText, isMissing, toNumber } from "./cells";
import { labelOf } from "./columns";
import { formatNumber } from "./format";
import type { Frame } from "./frame";
import { roundTicks } from "./ticks";

/** A column on an axis, as the reader chose it. */
export interface AxisChoice {
  column: string;
  /** undefined: whichever shows the values better. */
  scale: "linear" | "log" | undefined;
  /** Whether the axis is turned round: small values at its far end. */
  flipped: boolean;
}

export interface AxisTick {
  /** From 0, the near end of the axis, to 1. */
  place: number;
  label: string;
}

/** A column laid out on an axis from 0 to 1. */
export interface PlotAxis {
  choice: AxisChoice;
  column: string;
  label: string;
  kind: "number" | "category";
  log: boolean;
  /** Whether a log axis can be had: every number is above zero. */
  canLog: boolean;
  /** The place of each row; NaN where it has no value that could stand on the axis. */
  places: Float64Array;
  /** The number of each row, or which category it has; NaN where it has none. */
  values: Float64Array;
  ticks: AxisTick[];
  categories: string[];
  low: number;
  high: number;
  /** How many rows have no place. */
  missing: number;
}

const MOST_MIXED = 30;
const WIDE = 20; // the ratio of the greatest to the least value from which a log axis is worth a thought
const CROWDED = 0.25;

/** A column of a frame as an axis. Numbers logged as text are numbers; a column with words among them is categories. */
export function plotAxis(frame: Frame, choice: AxisChoice): PlotAxis {
  const cells = frame.columns.get(choice.column) ?? new Array<Cell>(frame.runIds.length).fill(null);
  const numbers = new Float64Array(cells.length).fill(Number.NaN);
  const texts = new Set<string>();
  let wordy = 0;
  let held = 0;
  cells.forEach((cell, row) => {
    if (isMissing(cell)) return;
    const number = toNumber(cell);
    if (number === undefined) wordy += 1;
    else if (Number.isFinite(number)) {
      numbers[row] = number;
      held += 1;
    }
    if (texts.size <= MOST_MIXED || number === undefined) texts.add(String(cell));
  });
  const mixed = wordy > 0 && held > wordy && texts.size > MOST_MIXED;
  return wordy > 0 && !mixed ? categoryAxis(cells, choice) : numberAxis(numbers, choice);
}

function categoryAxis(cells: readonly Cell[], choice: AxisChoice): PlotAxis {
  const categories = [...new Set(cells.filter((cell) => !isMissing(cell)).map(String))].sort(compareText);
  const index = new Map(categories.map((category, at) => [category, at]));
  const values = Float64Array.from(cells, (cell) => (isMissing(cell) ? Number.NaN : (index.get(String(cell)) ?? 0)));
  const place = (at: number) => turned(categories.length > 1 ? at / (categories.length - 1) : 0.5, choice.flipped);
  return {
    choice,
    column: choice.column,
    label: labelOf(choice.column),
    kind: "category",
    log: false,
    canLog: false,
    places: values.map(place),
    values,
    ticks: categories.map((label, at) => ({ place: place(at), label })),
    categories,
    low: 0,
    high: Math.max(0, categories.length - 1),
    missing: countNaN(values),
  };
}

function numberAxis(values: Float64Array, choice: AxisChoice): PlotAxis {
  const finite = values.filter((value) => !Number.isNaN(value)).sort();
  const low = finite[0] ?? 0;
  const high = finite.at(-1) ?? 1;
  const canLog = finite.length > 0 && low > 0;
  const log = canLog && (choice.scale ? choice.scale === "log" : isBetterLog(finite));
  const place = placer(low, high, { log, flipped: choice.flipped });
  return {
    choice,
    column: choice.column,
    label: labelOf(choice.column),
    kind: "number",
    log,
    canLog,
    places: values.map(place),
    values,
    ticks:
      finite.length === 0
        ? []
        : ticksOf(low, high, log).map((tick) => ({ place: place(tick), label: formatNumber(tick) })),
    categories: [],
    low,
    high,
    missing: countNaN(values),
  };
}

/** Whether positive sorted numbers crowd at the low end of a linear axis. */
function isBetterLog(sorted: Float64Array): boolean {
  const low = sorted[0]!;
  const high = sorted.at(-1)!;
  const middle = sorted[sorted.length >> 1]!;
  return high / low >= WIDE && (middle - low) / (high - low) < CROWDED;
}

function placer(low: number, high: number, { log, flipped }: { log: boolean; flipped: boolean }) {
  const scale = (value: number) => (log ? Math.log10(value) : value);
  const first = scale(low);
  const span = scale(high) - first;
  return (value: number) => turned(span > 0 ? (scale(value) - first) / span : 0.5, flipped);
}

function turned(place: number, flipped: boolean): number {
  return flipped ? 1 - place : place;
}

function countNaN(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isNaN(value)) count += 1;
  return count;
}

const TICKS = 6;
const FEW_DECADES = 1.7;
const MOST_DECADES = 8;

function ticksOf(low: number, high: number, log: boolean): number[] {
  if (!(high > low)) return [low];
  if (!log) return roundTicks(low, high, TICKS);
  const [first, last] = [Math.log10(low), Math.log10(high)];
  const every = Math.max(1, Math.ceil((last - first) / MOST_DECADES));
  const steps = last - first < FEW_DECADES ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(first); power <= Math.ceil(last); power += every) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks.length > 1 ? ticks : [low, high];
}

/** The number at a place of a number axis. */
export function valueAt(axis: PlotAxis, place: number): number {
  const share = turned(place, axis.choice.flipped);
  if (!axis.log) return axis.low + share * (axis.high - axis.low);
  const first = Math.log10(axis.low);
  return 10 ** (first + share * (Math.log10(axis.high) - first));
}

/** A number with no more figures than a place between two others needs. */
export function roundBetween(value: number, low: number, high: number): number {
  const span = high - low;
  if (!(span > 0)) return value;
  const size = Math.max(Math.abs(value), Number.MIN_VALUE);
  const figures = Math.ceil(Math.log10(size / Math.min(span, size))) + 4;
  return Number(value.toPrecision(Math.min(17, figures)));
}

const CHOICE = /^(-)?(?:(log|linear):)?((?:metrics|params|tags|attributes)\..+)$/s;

/** A choice as the address writes it: `-log:params.lr` is turned round and log. */
export function parseAxis(text: string): AxisChoice | undefined {
  const match = CHOICE.exec(text);
  if (!match) return undefined;
  return { column: match[3]!, scale: match[2] as AxisChoice["scale"], flipped: match[1] === "-" };
}

export function formatAxis({ column, scale, flipped }: AxisChoice): string {
  return `${flipped ? "-" : ""}${scale ? `${scale}:` : ""}${column}`;
}
