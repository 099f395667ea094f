import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { Icon } from "../../components/icons";
import { Swatch } from "../../components/swatch";
import { COLOR_TAG, ownHue, parseColor } from "../../lib/colors";
import { isMetric, keyOf, kindOf, labelOf, nameAt, START_TIME, STATUS } from "../../lib/columns";
import { formatCount, formatNumber } from "../../lib/format";
import { cellAt } from "../../lib/frame";
import type { GroupLine } from "../../lib/groups";
import { bestRows } from "../../lib/metrics";
import type { RunLine } from "../../lib/run-tree";
import type { GridProps } from "./grid-props";
import { Caret } from "./grid-row";
import { CellContent } from "./run-cell";

const CARD = 92;
const GROUP = 44;
const DEEPEST = 4;

/** The runs as cards, for narrow screens: name, status, main metric and the first params. */
export function RunCards(props: GridProps) {
  const { lines, columns, main, frame, stale, whole, act } = props;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (lines[index]?.kind === "group" ? GROUP : CARD),
    getItemKey: (index) => `${lines[index]?.kind} ${lines[index]?.key}`,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!whole && lastShown >= lines.length - 50) act.end();
  }, [lastShown, lines.length, whole, act]);
  const first = main ? `metrics.${main.key}` : columns.find(isMetric);
  const facts = [
    first,
    ...columns.filter((column) => column !== first && !/^(attributes|curves)$/.test(kindOf(column))),
  ];
  const shown = facts.filter((column) => column !== undefined).slice(0, 3);
  const best = main ? bestRows(frame, `metrics.${main.key}`, main.direction) : new Set<number>();
  return (
    <div ref={box} className={stale ? "cards stale" : "cards"} tabIndex={0} role="region" aria-label="Runs">
      <ul style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const style = { transform: `translateY(${item.start}px)` };
          return (
            <li key={item.key} className={line.kind === "group" ? "group-card" : "run-card"} style={style}>
              {line.kind === "group" ? (
                <GroupCard {...props} line={line} />
              ) : (
                <RunCard {...props} line={line} index={item.index} shown={shown} best={best} first={first} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function GroupCard({ line, main, whole, act }: GridProps & { line: GroupLine }) {
  const label = `${labelOf(line.column)} = ${line.value ?? "none"}`;
  const figures = main ? line.group.metrics[main.key] : undefined;
  return (
    <div className="run-card-head">
      <Caret open={whole ? line.open : undefined} level={line.level} name={label} onTurn={() => act.turn(line.key)} />
      <span className="truncate">{label}</span>
      <span className="chip">{formatCount(line.group.runs)}</span>
      <span className="spring" />
      {figures && <span className="number">{formatNumber(figures.mean)}</span>}
    </div>
  );
}

interface CardProps extends GridProps {
  line: RunLine;
  index: number;
  shown: string[];
  first: string | undefined;
  best: ReadonlySet<number>;
}

function RunCard({ frame, line, index, shown, first, best, selected, hues, families, act }: CardProps) {
  const { row, key: runId } = line;
  const name = nameAt(frame, row);
  const chosen = parseColor(cellAt(frame, `tags.${COLOR_TAG}`, row));
  const family = families.get(runId);
  const hue = chosen === undefined ? (hues.get(runId) ?? ownHue(runId)) : ownHue(runId, chosen);
  return (
    <div className={line.dim ? "dim" : ""}>
      <div className="run-card-head">
        {(line.open !== undefined || line.level > 1) && (
          <Caret open={line.open} level={Math.min(DEEPEST, line.level)} name={name} onTurn={() => act.turn(runId)} />
        )}
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={selected.has(runId)}
          onChange={() => act.toggle(index, false)}
        />
        <Swatch hue={hue} />
        <Link className="truncate" href={`/runs/${runId}`}>
          <bdi>{name}</bdi>
        </Link>
        {family && <span className="chip">{formatCount(family.children)}</span>}
        <CellContent frame={frame} row={row} column={STATUS} />
        <button type="button" className="row-button" aria-label={`Peek: ${name}`} onClick={() => act.peek(runId)}>
          <Icon name="expand" />
        </button>
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
    </div>
  );
}
