import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { Icon } from "../../components/icons";
import { plural } from "../../lib/format";
import { columnStats, columnType, formatValue, sortedRows, summaryOf, type Table } from "../../lib/grid";
import { ColumnPanel } from "./column-panel";

const ROW = 26;
const CHARACTER = 7.4;
const PADDING = 24;
const SAMPLE = 60;
const NARROWEST = 108;
const WIDEST = 320;
const MOST_TITLE = 1000;

interface Sort {
  column: number;
  descending: boolean;
}

/** A table of any size: only the cells in view are in the page; its columns are typed, sorted and described. */
export function Grid({ table, note }: { table: Table; note?: ReactNode }) {
  const { names, rows } = table;
  const [sort, setSort] = useState<Sort>();
  const [described, setDescribed] = useState<number>();
  const order = useMemo(() => (sort ? sortedRows(rows, sort.column, sort.descending) : undefined), [rows, sort]);
  const box = useRef<HTMLDivElement>(null);
  const widths = useMemo(() => names.map((name, column) => widthOf(name, rows, column)), [names, rows]);
  const [stats, types] = useMemo(
    () => [cached((column) => columnStats(rows, column)), cached((column) => columnType(rows.slice(0, 1000), column))],
    [rows],
  );
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: names.length,
    getScrollElement: () => box.current,
    estimateSize: (column) => widths[column] ?? NARROWEST,
    overscan: 2,
  });
  const numberWidth = String(rows.length).length * CHARACTER + PADDING;
  const shown = columns.getVirtualItems();
  const turn = (column: number) => {
    const again = sort?.column === column;
    setSort(again && sort.descending ? undefined : { column, descending: again });
  };
  return (
    <>
      <p className="preview-note" role="status">
        <span>
          {note ?? `${plural(rows.length, "row")},`} {plural(names.length, "column")}.
        </span>
        {sort && <span>Sorted by {names[sort.column]}, of the rows shown.</span>}
      </p>
      <div
        ref={box}
        className="grid-view"
        role="table"
        aria-label="Table of the file"
        aria-rowcount={rows.length + 1}
        aria-colcount={names.length + 1}
        tabIndex={0}
      >
        <div role="rowgroup" className="grid-head" style={{ width: numberWidth + columns.getTotalSize() }}>
          <div role="row" aria-rowindex={1} className="grid-row">
            <span role="columnheader" aria-colindex={1} className="grid-corner" style={{ width: numberWidth }}>
              <span className="visually-hidden">Row</span>
            </span>
            {shown.map(({ index, start, size }) => (
              <span
                key={index}
                role="columnheader"
                aria-colindex={index + 2}
                aria-sort={sort?.column !== index ? "none" : sort.descending ? "descending" : "ascending"}
                className={types(index) === "number" ? "grid-heading right" : "grid-heading"}
                style={{ left: numberWidth + start, width: size }}
              >
                <button
                  type="button"
                  className="grid-sort"
                  title={`Sort by ${names[index]}`}
                  onClick={() => turn(index)}
                >
                  <span className="truncate">{names[index]}</span>
                  {sort?.column === index && <Icon name={sort.descending ? "fall" : "up"} />}
                </button>
                <button
                  type="button"
                  className="grid-stats truncate"
                  aria-expanded={described === index}
                  onClick={() => setDescribed(described === index ? undefined : index)}
                >
                  <span className="visually-hidden">Describe {names[index]}: </span>
                  {summaryOf(stats(index))}
                </button>
              </span>
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className="grid-body"
          style={{ height: lines.getTotalSize(), width: numberWidth + columns.getTotalSize() }}
        >
          {lines.getVirtualItems().map(({ index: line, start: top }) => {
            const row = order?.[line] ?? line;
            return (
              <div
                key={line}
                role="row"
                aria-rowindex={line + 2}
                className="grid-row"
                style={{ transform: `translateY(${top}px)` }}
              >
                <span role="rowheader" aria-colindex={1} className="grid-number" style={{ width: numberWidth }}>
                  {row + 1}
                </span>
                {shown.map(({ index, start, size }) => {
                  const text = formatValue(rows[row]?.[index]);
                  return (
                    <span
                      key={index}
                      role="cell"
                      aria-colindex={index + 2}
                      className={types(index) === "number" ? "grid-cell number" : "grid-cell"}
                      style={{ left: numberWidth + start, width: size }}
                      title={text.slice(0, MOST_TITLE)}
                    >
                      {text}
                    </span>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      {described !== undefined && (
        <ColumnPanel
          name={names[described] ?? ""}
          type={table.types?.[described]}
          stats={stats(described)}
          onClose={() => setDescribed(undefined)}
        />
      )}
    </>
  );
}

function cached<Value>(compute: (column: number) => Value): (column: number) => Value {
  const known = new Map<number, Value>();
  return (column) => {
    const value = known.get(column) ?? compute(column);
    known.set(column, value);
    return value;
  };
}

function widthOf(name: string, rows: unknown[][], column: number): number {
  let longest = Math.max(name.length + 2, 8);
  for (const row of rows.slice(0, SAMPLE)) longest = Math.max(longest, formatValue(row[column]).length);
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, longest * CHARACTER + PADDING)));
}
