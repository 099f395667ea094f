import { useMemo, useState } from "react";
import { Link } from "wouter";
import { Icon } from "../../components/icons";
import { LongList } from "../../components/long-list";
import { Value } from "../../components/value";
import { DURATION, keyOf, labelOf, nameAt, RUN_NAME, START_TIME } from "../../lib/columns";
import { formatDateTime, formatDuration, plural } from "../../lib/format";
import { cellAt, order, type SortKey } from "../../lib/frame";
import { guessDirection } from "../../lib/metrics";
import { bothFilters, formatRanges } from "../../lib/ranges";
import { formatSearch, joinList } from "../../lib/url-state";
import type { Analysis } from "./use-analysis";

const ROW = 28;
const MOST_COLUMNS = 8;
const MOST_COMPARED = 20;

interface Props {
  analysis: Analysis;
  /** Columns beside the name: what the charts show. */
  columns: string[];
  /** The run table that can be filtered by the same ranges; undefined where there is none. */
  table: { experimentId: string; query: string } | undefined;
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
}

/** The runs that the charts bring forward, as a table. */
export function RunList({ analysis, columns, table, hovered, onHover }: Props) {
  const { frame, kept, outcome, state } = analysis;
  const [sort, setSort] = useState<SortKey>();
  const first = usualSort(outcome?.column);
  const by = sort ?? first;
  const inside = useMemo(() => new Set(kept), [kept]);
  const rows = useMemo(() => order(frame, [by]).filter((row) => inside.has(row)), [frame, by, inside]);
  const shown = columns.slice(0, MOST_COLUMNS);
  const template = { gridTemplateColumns: `minmax(120px, 1.6fr) repeat(${shown.length}, minmax(72px, 1fr))` };
  const best = rows.slice(0, MOST_COMPARED).map((row) => frame.runIds[row] ?? "");
  return (
    <section className="card analysis-runs" aria-label="Runs">
      <header>
        <h2>Runs</h2>
        <span className="muted" role="status">
          {kept.length === frame.runIds.length
            ? plural(kept.length, "run")
            : `${plural(kept.length, "run")} of ${plural(frame.runIds.length, "run")}`}
        </span>
        <span className="spring" />
        {table && best.length > 1 && (
          <Link className="button quiet" href={`/compare${formatSearch({ runs: joinList(best) })}`}>
            Compare {rows.length > best.length ? `the first ${best.length}` : "them"}
          </Link>
        )}
        {table && state.keep.size > 0 && (
          <Link
            className="button quiet"
            href={`/experiments/${table.experimentId}${formatSearch({ q: bothFilters(table.query, formatRanges(state.keep)) })}`}
          >
            Open in the run table
          </Link>
        )}
      </header>
      <div className="analysis-scroll" tabIndex={0} role="region" aria-label="Table of runs">
        <div className="analysis-grid">
          <div className="analysis-row head" style={template}>
            {[RUN_NAME, ...shown].map((column) => (
              <Heading key={column} column={column} sort={by} onSort={setSort} />
            ))}
          </div>
          <LongList items={rows} rowHeight={ROW} label="Runs" keyOf={(row) => frame.runIds[row] ?? ""}>
            {(row) => (
              <div
                className={row === hovered ? "analysis-row hovered" : "analysis-row"}
                style={template}
                onPointerEnter={() => onHover(row)}
                onPointerLeave={() => onHover(undefined)}
              >
                <Link
                  className="truncate"
                  href={`/runs/${frame.runIds[row]}`}
                  onFocus={() => onHover(row)}
                  onBlur={() => onHover(undefined)}
                >
                  <bdi>{nameAt(frame, row)}</bdi>
                </Link>
                {shown.map((column) => (
                  <span key={column} className="number truncate">
                    <CellOf analysis={analysis} column={column} row={row} />
                  </span>
                ))}
              </div>
            )}
          </LongList>
          {rows.length === 0 && <p className="muted analysis-none">No run has values in all these ranges.</p>}
        </div>
      </div>
    </section>
  );
}

/** The best runs first; the newest where there is no metric. */
function usualSort(outcome: string | undefined): SortKey {
  if (!outcome) return { column: START_TIME, descending: true };
  return { column: outcome, descending: guessDirection(keyOf(outcome)) === "max" };
}

interface HeadingProps {
  column: string;
  sort: SortKey;
  onSort: (sort: SortKey) => void;
}

function Heading({ column, sort, onSort }: HeadingProps) {
  const sorted = sort.column === column;
  const words = sorted ? (sort.descending ? ", sorted descending" : ", sorted ascending") : "";
  return (
    <button
      type="button"
      className={column === RUN_NAME ? "analysis-head" : "analysis-head number"}
      aria-label={`Sort by ${labelOf(column)}${words}`}
      title={labelOf(column)}
      onClick={() => onSort({ column, descending: sorted ? !sort.descending : column !== RUN_NAME })}
    >
      <span className="truncate">{labelOf(column)}</span>
      {sorted && <Icon name={sort.descending ? "fall" : "up"} />}
    </button>
  );
}

function CellOf({ analysis: { frame }, column, row }: { analysis: Analysis; column: string; row: number }) {
  const cell = cellAt(frame, column, row);
  if (column === DURATION && typeof cell === "number") return <>{formatDuration(cell)}</>;
  if (column === START_TIME && typeof cell === "number") return <>{formatDateTime(cell)}</>;
  return <Value cell={cell} />;
}
