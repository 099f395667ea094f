import { useMemo } from "react";
import { LongList } from "../../components/long-list";
import { Value } from "../../components/value";
import { type Cell, compareText } from "../../lib/cells";
import { formatCount } from "../../lib/format";
import { rankMetrics } from "../../lib/metrics";

const ROW = 28;

interface Props {
  title: string;
  empty: string;
  rows: Array<[string, Cell]>;
  numeric?: boolean;
}

/** Names and values. */
export function ValueCard({ title, empty, rows, numeric = false }: Props) {
  return (
    <section className="card list-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="muted">{formatCount(rows.length)}</span>
      </header>
      {rows.length === 0 ? (
        <p className="muted list-empty">{empty}</p>
      ) : (
        <LongList items={rows} rowHeight={ROW} label={title} keyOf={([name]) => name}>
          {([name, cell]) => (
            <div className="pair-row">
              <span className="truncate muted" title={name}>
                {name}
              </span>
              <span className={numeric ? "number truncate" : "truncate"} title={String(cell ?? "")}>
                {numeric ? <Value cell={cell} /> : cell}
              </span>
            </div>
          )}
        </LongList>
      )}
    </section>
  );
}

/** Metrics and params of the version in a row of columns, those that it has. */
export function useRecorded(columns: Record<string, Cell[]> | undefined, row: number) {
  return useMemo(() => {
    const of = (prefix: string): Array<[string, Cell]> =>
      Object.entries(columns ?? {}).flatMap(([column, cells]): Array<[string, Cell]> => {
        const cell = cells[row] ?? null;
        return column.startsWith(prefix) && cell !== null ? [[column.slice(prefix.length), cell]] : [];
      });
    const metrics = new Map(of("metrics."));
    return {
      metrics: rankMetrics([...metrics.keys()]).map((key): [string, Cell] => [key, metrics.get(key) ?? null]),
      params: of("params.").sort(([left], [right]) => compareText(left, right)),
    };
  }, [columns, row]);
}
