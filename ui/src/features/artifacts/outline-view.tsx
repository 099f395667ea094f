import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../../components/icons";
import { formatCount } from "../../lib/format";
import { askMore, isOpen, type OutlineRow, outline, toggle, UNFOLDED } from "../../lib/outline";

const ROW = 24;
const INDENT = 16;
const DEEPEST_INDENT = 30;
const LONGEST_TEXT = 2000;

/** A value as a tree that unfolds; only the lines in view are in the page. */
export function OutlineView({ value }: { value: unknown }) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [folding, setFolding] = useState(UNFOLDED);
  const [active, setActive] = useState(0);
  const rows = useMemo(() => outline(value, folding), [value, folding]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 16,
  });
  const items = virtual.getVirtualItems();
  const current = Math.min(active, rows.length - 1);
  const seen = items.some(({ index }) => index === current);
  const goTo = (row: number) => {
    const target = Math.max(0, Math.min(rows.length - 1, row));
    setActive(target);
    virtual.scrollToIndex(target, { align: "auto" });
  };
  const act = (row: OutlineRow) => {
    if (row.kind === "branch") setFolding(toggle(folding, row.key));
    if (row.kind === "more") setFolding(askMore(folding, row.key));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current]!;
    const open = row.kind === "branch" && isOpen(row, folding);
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / ROW) - 1);
    const moves: Record<string, () => void> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      PageDown: () => goTo(current + page),
      PageUp: () => goTo(current - page),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      ArrowRight: () => (row.kind === "branch" && !open ? act(row) : goTo(current + 1)),
      ArrowLeft: () => (open ? act(row) : goTo(rows.findLastIndex((one, at) => at < current && one.depth < row.depth))),
      Enter: () => act(row),
      " ": () => act(row),
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };
  return (
    <div
      ref={box}
      className="outline-view mono"
      role="tree"
      tabIndex={0}
      aria-label="Content of the file"
      aria-activedescendant={seen ? `${id}-${current}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index]!;
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-expanded={row.kind === "branch" ? isOpen(row, folding) : undefined}
              aria-selected={index === current}
              className={index === current ? "outline-line active" : "outline-line"}
              style={{
                transform: `translateY(${start}px)`,
                paddingLeft: 8 + Math.min(row.depth, DEEPEST_INDENT) * INDENT,
              }}
              onClick={() => {
                setActive(index);
                act(row);
              }}
            >
              <Line row={row} open={row.kind === "branch" && isOpen(row, folding)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Line({ row, open }: { row: OutlineRow; open: boolean }) {
  const { kind, depth, name, value, count } = row;
  if (kind === "more") return <span className="link-text">{formatCount(count)} more</span>;
  return (
    <>
      {kind === "branch" ? <Icon name={open ? "down" : "right"} /> : <span className="outline-space" />}
      {depth > DEEPEST_INDENT && <span className="muted">level {depth + 1} </span>}
      {name !== undefined && <span className="outline-name">{name}: </span>}
      {kind === "branch" ? (
        <span className="muted">{Array.isArray(value) ? `[${formatCount(count)}]` : `{${formatCount(count)}}`}</span>
      ) : (
        <Leaf value={value} />
      )}
    </>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value !== "string") return <span className="outline-plain">{String(value)}</span>;
  const shown = JSON.stringify(value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value);
  return (
    <span className="outline-text" title={value.slice(0, LONGEST_TEXT)}>
      {shown}
      {value.length > LONGEST_TEXT && <span className="muted"> … {formatCount(value.length)} characters</span>}
    </span>
  );
}
