import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "../../api/client";
import { Popover } from "../../components/popover";
import { StatusCount } from "../../components/status";
import { isMissing } from "../../lib/cells";
import { type Choice, keyOf, labelOf, STATUS } from "../../lib/columns";
import { formatCell, formatCount, plural } from "../../lib/format";
import type { Frame, SortKey } from "../../lib/frame";
import type { TableState } from "../../lib/url-state";
import type { RunTable } from "./use-run-table";

interface Props {
  table: RunTable;
  state: TableState;
  sort: SortKey[];
  choice: Choice;
  experimentId: string;
}

/** What the table shows, in words: how many of how many, in which order, what was folded away. */
export function StatusLine({ table, state, sort, choice, experimentId }: Props) {
  const all = useQuery({
    queryKey: ["count", experimentId],
    enabled: state.query !== "",
    queryFn: async ({ signal }) =>
      (await call("viewRuns", { experiment_ids: [experimentId], max_results: 1 }, signal)).total,
  });
  const counts = useMemo(() => countStates(table.frame), [table.frame]);
  const order = sort.map((key) => `${labelOf(key.column)} ${key.descending ? "descending" : "ascending"}`).join(", ");
  const ofAll = state.query !== "" && all.data !== undefined && all.data >= table.total;
  return (
    <footer className="status-line">
      <span role="status">
        {ofAll ? `${formatCount(table.total)} of ${plural(all.data, "run")}` : plural(table.total, "run")}
        {table.stale ? (table.error ? ", by the last filter that could be read" : ", searching…") : ""}
      </span>
      <StatusCount status="RUNNING" count={counts.get("RUNNING") ?? 0} />
      <StatusCount status="FAILED" count={counts.get("FAILED") ?? 0} />
      <span className="wide-only">by {order}</span>
      {state.columns === undefined && choice.constant.length > 0 && (
        <Constants frame={table.frame} columns={choice.constant} />
      )}
      {state.columns === undefined && choice.more > 0 && (
        <span className="wide-only">{plural(choice.more, "more column")} to choose</span>
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

function Constants({ frame, columns }: { frame: Frame; columns: string[] }) {
  return (
    <Popover className="link-button" button={`${plural(columns.length, "equal param")} folded`}>
      {() => (
        <dl className="pairs" tabIndex={0}>
          {columns.map((column) => (
            <Constant key={column} frame={frame} column={column} />
          ))}
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
      <dt>{keyOf(column)}</dt>
      <dd>
        {formatCell(present[0])}
        {!all && (
          <span className="muted">
            {" "}
            in {formatCount(present.length)} of {formatCount(frame.runIds.length)}
          </span>
        )}
      </dd>
    </div>
  );
}
