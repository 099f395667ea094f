import { keyOf, labelOf, RUN_NAME, START_TIME } from "../../lib/columns";
import type { SortKey } from "../../lib/frame";
import { guessDirection } from "../../lib/metrics";

interface Props {
  /** Metrics that can be sorted by, the best value first. */
  metrics: readonly string[];
  sort: SortKey[];
  onSort: (sort: SortKey[]) => void;
}

const MOST_METRICS = 20;

/** Chooses the order where the table has no headings to click: on narrow screens. */
export function SortSelect({ metrics, sort, onSort }: Props) {
  const offered: SortKey[] = [
    { column: START_TIME, descending: true },
    ...metrics
      .slice(0, MOST_METRICS)
      .map((column) => ({ column, descending: guessDirection(keyOf(column)) === "max" })),
    { column: RUN_NAME, descending: false },
  ];
  const first = sort[0];
  const known = offered.some((key) => key.column === first?.column);
  const options = known || !first ? offered : [first, ...offered];
  return (
    <select
      className="button select narrow-only"
      aria-label="Sort by"
      value={first?.column}
      onChange={(event) => onSort(options.filter((key) => key.column === event.target.value))}
    >
      {options.map(({ column }) => (
        <option key={column} value={column}>
          {labelOf(column)}
        </option>
      ))}
    </select>
  );
}
