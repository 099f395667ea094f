import { useState } from "react";
import { type ColumnKind, kindOf, RUN_NAME } from "../../lib/columns";
import type { SortKey } from "../../lib/frame";
import { type ColumnFacts, NAME_WIDTH } from "./column-facts";
import type { GridProps } from "./grid-props";
import { HeaderCell } from "./header-cell";

/** Which columns are where; places of `facts`. */
export interface GridLayout {
  facts: ColumnFacts[];
  /** Pixels that the name and the pinned columns take. */
  frozen: number;
  pinned: number[];
  /** The first and last of the other columns that are in view. */
  firstShown: number;
  lastShown: number;
}

type Props = GridProps & { layout: GridLayout; shown: number[]; width: number };

const TITLES: Partial<Record<ColumnKind, string>> = {
  metrics: "Metrics",
  metrics_min: "Metrics",
  metrics_max: "Metrics",
  metrics_first: "Metrics",
  curves: "Metrics",
  params: "Params",
  tags: "Tags",
};

/** The headings of the table. */
export function GridHead({ layout, shown, width, ...props }: Props) {
  const { facts, frozen, pinned } = layout;
  const [dragged, setDragged] = useState<string>();
  const { total, selected } = props;
  const all = total > 0 && selected.size >= total;
  const heading = (index: number) => {
    const one = facts[index];
    if (!one) return null;
    return (
      <HeaderCell
        key={one.column}
        facts={one}
        index={index + 2}
        sort={props.sort}
        main={props.main}
        act={props.act}
        grouped={props.groupBy}
        dragged={dragged}
        onDrag={setDragged}
      />
    );
  };
  return (
    <div role="rowgroup" className="grid-head" style={{ width }}>
      <div className="grid-bands" aria-hidden="true">
        {facts.map(({ column, left, pinned: fixed }, index) => {
          const title = TITLES[kindOf(column)];
          const starts = index === 0 || TITLES[kindOf(facts[index - 1]!.column)] !== title;
          return starts && title && !fixed ? (
            <span key={column} style={{ left }}>
              {title}
            </span>
          ) : null;
        })}
      </div>
      <div role="row" aria-rowindex={1} className="grid-headings">
        <div role="presentation" className="grid-frozen" style={{ width: frozen }}>
          <div role="columnheader" aria-colindex={1} className="grid-name heading" style={{ width: NAME_WIDTH }}>
            <input
              type="checkbox"
              aria-label="Select all runs that match"
              checked={all}
              ref={(box) => {
                if (box) box.indeterminate = !all && selected.size > 0;
              }}
              onChange={props.act.toggleAll}
            />
            <NameHeading sort={props.sort} onSort={props.act.sort} />
          </div>
          {pinned.map(heading)}
        </div>
        {shown.map(heading)}
      </div>
    </div>
  );
}

function NameHeading({ sort, onSort }: { sort: SortKey[]; onSort: (sort: SortKey[]) => void }) {
  const key = sort.find((one) => one.column === RUN_NAME);
  const click = () => onSort([{ column: RUN_NAME, descending: key ? !key.descending : false }]);
  return (
    <button type="button" className="heading-sort" onClick={click}>
      Run
      {key && <span aria-hidden="true">{key.descending ? "↓" : "↑"}</span>}
    </button>
  );
}
