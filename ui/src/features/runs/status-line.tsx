import { useMemo } from "react";
import { Popover } from "../../components/popover";
import { StatusCount } from "../../components/status";
import { isMissing } from "../../lib/cells";
import { fullLabelOf, keyOf, kindOf, labelOf, STATUS } from "../../lib/columns";
import { formatCell, formatCount, plural } from "../../lib/format";
import type { Frame, SortKey } from "../../lib/frame";
import type { TableState } from "../../lib/url-state";
import type { TableView } from "./use-table-view";

interface Props {
  view: TableView;
  state: TableState;
  sort: SortKey[];
  /** How many runs there are, whether they match or not; known while a filter is in force. */
  all: number | undefined;
}

const MOST_LISTED = 500;

/** What the table shows, in words: how many of how many, in which order, what was folded away. */
export function StatusLine({ view, state, sort, all }: Props) {
  const { table, constant, more } = view;
  const counts = useMemo(() => countStates(table.frame), [table.frame]);
  const order = sort
    .map((key) => `${fullLabelOf(key.column)} ${key.descending ? "descending" : "ascending"}`)
    .join(", ");
  const ofAll = state.query !== "" && all !== undefined && all >= table.total;
  const groups = view.lines.filter((line) => line.kind === "group" && line.level === 1).length;
  const kinds = new Set(constant.map(kindOf));
  const noun = kinds.size === 1 && kinds.has("params") ? "equal param" : "equal column";
  return (
    <footer className="status-line">
      <span role="status">
        {ofAll ? `${formatCount(table.total)} of ${plural(all, "run")}` : plural(table.total, "run")}
        {state.group.length > 0 && groups > 0 ? ` in ${plural(groups, "group")}` : ""}
        {table.stale ? (table.error ? ", by the last filter that could be read" : ", searching…") : ""}
      </span>
      <StatusCount status="RUNNING" count={counts.get("RUNNING") ?? 0} />
      <StatusCount status="FAILED" count={counts.get("FAILED") ?? 0} />
      {state.hidden.length > 0 && <span>{formatCount(state.hidden.length)} hidden from charts</span>}
      <span className="wide-only">by {order}</span>
      {constant.length > 0 && <Constants frame={table.frame} columns={constant} noun={noun} />}
      {more > 0 && <span className="wide-only">{plural(more, "more column")} to choose</span>}
      {!table.whole && state.nested && state.group.length === 0 && (
        <span className="wide-only">too many runs to nest: filter first</span>
      )}
    </footer>
  );
}

function countStates(frame: Frame): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of frame.columns.get(STATUS) ?? []) {
    const status = String(cell);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}

function Constants({ frame, columns, noun }: { frame: Frame; columns: string[]; noun: string }) {
  return (
    <Popover className="link-button" button={`${plural(columns.length, noun)} folded`}>
      {() => (
        <dl className="pairs" tabIndex={0}>
          {columns.slice(0, MOST_LISTED).map((column) => (
            <Constant key={column} frame={frame} column={column} />
          ))}
          {columns.length > MOST_LISTED && (
            <div>
              <dt>and {formatCount(columns.length - MOST_LISTED)} more</dt>
              <dd />
            </div>
          )}
        </dl>
      )}
    </Popover>
  );
}

function Constant({ frame, column }: { frame: Frame; column: string }) {
  const present = (frame.columns.get(column) ?? []).filter((cell) => !isMissing(cell));
  const all = present.length === frame.runIds.length;
  return (
    <div>
      <dt>{kindOf(column) === "params" ? keyOf(column) : labelOf(column)}</dt>
      <dd>
        {present.length === 0 ? <span className="muted">in no run</span> : formatCell(present[0])}
        {!all && present.length > 0 && (
          <span className="muted">
            {" "}
            in {formatCount(present.length)} of {formatCount(frame.runIds.length)}
          </span>
        )}
      </dd>
    </div>
  );
}
