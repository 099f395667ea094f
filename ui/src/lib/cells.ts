/** One value of a table: a number, a text (also NaN, Infinity and -Infinity), or nothing. */
export type Cell = number | string | null;

const NOT_FINITE: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

const NUMERAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

/** The number a cell holds, as itself or as text; undefined where it holds none. */
export function toNumber(cell: Cell | undefined): number | undefined {
  if (typeof cell === "number") return cell;
  if (cell === null || cell === undefined) return undefined;
  if (cell in NOT_FINITE) return NOT_FINITE[cell];
  return NUMERAL.test(cell) ? Number(cell) : undefined;
}

/** The finite number of a cell; undefined for text, NaN, infinities and nothing. */
export function toFinite(cell: Cell | undefined): number | undefined {
  const number = toNumber(cell);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** Whether a value that was logged may be absent: null or never sent. */
export function isMissing(cell: Cell | undefined): cell is null | undefined {
  return cell === null || cell === undefined;
}

// One collator for all: a locale the browser does not know would throw where localeCompare is called with it.
const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Order of two texts as people expect it: digits by value, case aside. */
export function compareText(left: string, right: string): number {
  return COLLATOR.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);
}

/** What the order of cells needs to know of one, read once: numbers logged as text are slow to read. */
export interface Place {
  /** 0 for numbers, 1 for texts, 2 for NaN, 3 for nothing. */
  rank: number;
  number: number;
  text: string;
}

export function placeOf(cell: Cell | undefined): Place {
  const number = toNumber(cell);
  if (number !== undefined) return { rank: Number.isNaN(number) ? 2 : 0, number, text: "" };
  return isMissing(cell) ? { rank: 3, number: 0, text: "" } : { rank: 1, number: 0, text: String(cell) };
}

/**
 * Order of two cells: numbers by value (also those logged as text), then texts, then NaN, then nothing.
 * The last two stay last when the order is turned round.
 */
export function comparePlaces(left: Place, right: Place, descending: boolean): number {
  if (left.rank !== right.rank) {
    const turned = left.rank < 2 && right.rank < 2 && descending;
    return turned ? right.rank - left.rank : left.rank - right.rank;
  }
  if (left.rank >= 2) return 0;
  const order =
    left.rank === 1
      ? compareText(left.text, right.text)
      : left.number < right.number
        ? -1
        : +(left.number > right.number);
  return descending ? -order : order;
}
