import { type Cell, isMissing, toNumber } from "../lib/cells";
import { formatFull, formatNumber } from "../lib/format";

/** A cell: five figures of a number, its full value on hover; NaN, infinities and nothing each told apart. */
export function Value({ cell }: { cell: Cell | undefined }) {
  if (isMissing(cell)) {
    return (
      <span className="value-missing" title="Not logged">
        –
      </span>
    );
  }
  const number = toNumber(cell);
  if (number === undefined) return <span title={String(cell)}>{cell}</span>;
  if (!Number.isFinite(number)) {
    return (
      <span className="value-odd" title={Number.isNaN(number) ? "Not a number" : "Infinite"}>
        {formatNumber(number)}
      </span>
    );
  }
  return <span title={typeof cell === "string" ? cell : formatFull(number)}>{formatNumber(number)}</span>;
}
