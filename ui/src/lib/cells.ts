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

function rank(cell: Cell | undefined): number {
  const number = toNumber(cell);
  if (number !== undefined) return Number.isNaN(number) ? 2 : 0;
  return isMissing(cell) ? 3 : 1;
}

/**
 * Order of two cells: numbers by value (also those logged as text), then texts, then NaN, then nothing.
 * The last two stay last when the order is turned round.
 */
export function compareCells(left: Cell | undefined, right: Cell | undefined, descending: boolean): number {
  const ranks = [rank(left), rank(right)] as const;
  if (ranks[0] !== ranks[1]) {
    const turned = ranks[0] < 2 && ranks[1] < 2 && descending;
    return turned ? ranks[1] - ranks[0] : ranks[0] - ranks[1];
  }
  if (ranks[0] >= 2) return 0;
  const order =
    ranks[0] === 0
      ? Math.sign((toNumber(left) ?? 0) - (toNumber(right) ?? 0)) || 0
      : compareText(`${left}`, `${right}`);
  return descending ? -order : order;
}
