import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { Swatch } from "../../components/swatch";
import { ownHue } from "../../lib/colors";
import { keyOf, kindOf, labelOf, RUN_NAME, START_TIME, STATUS } from "../../lib/columns";
import { textAt } from "../../lib/frame";
import { bestRows } from "../../lib/metrics";
import { CellContent } from "./run-cell";
import type { GridProps } from "./run-grid";

const HEIGHT = 92;

/** The runs as cards, for narrow screens: name, status, main metric and the first params. */
export function RunCards({ frame, rows, total, columns, main, selected, hues, stale, onToggle, onEnd }: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length < total && lastShown >= rows.length - 50) onEnd();
  }, [lastShown, rows.length, total, onEnd]);
  const metrics = columns.filter((column) => kindOf(column) === "metrics");
  const first = main ? `metrics.${main.key}` : metrics[0];
  const facts = [first, ...columns.filter((column) => column !== first && kindOf(column) !== "attributes")];
  const shown = facts.filter((column) => column !== undefined).slice(0, 3);
  const best = main ? bestRows(frame, `metrics.${main.key}`, main.direction) : new Set<number>();
  return (
    <div ref={box} className={stale ? "cards stale" : "cards"} tabIndex={0} role="region" aria-label="Runs">
      <ul style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]!;
          const runId = frame.runIds[row]!;
          const name = textAt(frame, RUN_NAME, row) || runId;
          return (
            <li key={runId} className="run-card" style={{ transform: `translateY(${item.start}px)` }}>
              <div className="run-card-head">
                <input
                  type="checkbox"
                  aria-label={`Select ${name}`}
                  checked={selected.has(runId)}
                  onChange={() => onToggle(item.index, false)}
                />
                <Swatch hue={hues.get(runId) ?? ownHue(runId)} />
                <Link className="truncate" href={`/runs/${runId}`}>
                  <bdi>{name}</bdi>
                </Link>
                <CellContent frame={frame} row={row} column={STATUS} />
              </div>
              <dl className="run-card-facts">
                {shown.map((column) => (
                  <div key={column}>
                    <dt className="truncate">{labelOf(column)}</dt>
                    <dd className={best.has(row) && column === first ? "truncate best-text" : "truncate"}>
                      {best.has(row) && column === first && <span title={`Best ${keyOf(column)}`}>★ </span>}
                      <CellContent frame={frame} row={row} column={column} />
                    </dd>
                  </div>
                ))}
                <div>
                  <dt>{labelOf(START_TIME)}</dt>
                  <dd>
                    <CellContent frame={frame} row={row} column={START_TIME} />
                  </dd>
                </div>
              </dl>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
