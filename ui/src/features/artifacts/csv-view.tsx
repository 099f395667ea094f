import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { toNumber } from "../../lib/cells";
import { parseCsv } from "../../lib/csv";
import { formatCount, plural } from "../../lib/format";

const MOST_ROWS = 5000;
const MOST_COLUMNS = 60;
const ROW = 26;
const CHARACTER = 7.4;
const PADDING = 20;
const SAMPLE = 100;

/** A table of comma- or tab-separated values; only the rows in view are in the page. */
export function CsvView({ text, separator, whole }: { text: string; separator: "," | "\t"; whole: boolean }) {
  const { header, rows, cut } = useMemo(
    () => parseCsv(text, { separator, limit: MOST_ROWS, whole }),
    [text, separator, whole],
  );
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const columns = useMemo(() => measure(header.slice(0, MOST_COLUMNS), rows), [header, rows]);
  const template = columns.map(({ width }) => `${width}px`).join(" ");
  const numberWidth = `${String(rows.length).length + 3}ch`;
  const note = [
    cut
      ? `The first ${plural(rows.length, "row")} are shown.`
      : `${plural(rows.length, "row")}, ${plural(header.length, "column")}.`,
    header.length > MOST_COLUMNS ? `The first ${MOST_COLUMNS} of ${formatCount(header.length)} columns are shown.` : "",
  ];
  return (
    <>
      <p className="preview-note" role="status">
        {note.join(" ")}
      </p>
      <div
        ref={box}
        className="csv-view"
        role="table"
        aria-rowcount={rows.length + 1}
        aria-label="Table of the file"
        tabIndex={0}
      >
        <div
          role="row"
          aria-rowindex={1}
          className="csv-row csv-head"
          style={{ gridTemplateColumns: `${numberWidth} ${template}` }}
        >
          <span role="columnheader">
            <span className="visually-hidden">Row</span>
          </span>
          {columns.map(({ id, name, numeric }) => (
            <span key={id} role="columnheader" className={numeric ? "truncate number" : "truncate"} title={name}>
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" className="csv-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className="csv-row placed"
              style={{ gridTemplateColumns: `${numberWidth} ${template}`, transform: `translateY(${start}px)` }}
            >
              <span role="rowheader" className="muted number">
                {index + 1}
              </span>
              {columns.map(({ id, numeric }, column) => (
                <span
                  key={id}
                  role="cell"
                  className={numeric ? "truncate number" : "truncate"}
                  title={rows[index]?.[column]}
                >
                  {rows[index]?.[column]}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function measure(header: string[], rows: string[][]) {
  const sample = rows.slice(0, SAMPLE);
  return header.map((name, index) => {
    const cells = sample.map((row) => row[index] ?? "");
    const longest = Math.max(name.length, ...cells.map((cell) => cell.length));
    const filled = cells.filter((cell) => cell !== "");
    const numeric = filled.length > 0 && filled.every((cell) => toNumber(cell) !== undefined);
    return {
      id: `${index} ${name}`,
      name,
      numeric,
      width: Math.round(Math.min(320, Math.max(60, longest * CHARACTER + PADDING))),
    };
  });
}
