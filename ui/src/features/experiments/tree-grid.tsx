import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { ExperimentSummary } from "../../api/generated";
import { PIECE, useActivity, useBest } from "../../api/home";
import { useNow } from "../../components/ago";
import { Icon } from "../../components/icons";
import { useMedia } from "../../components/media";
import { setParameters } from "../../components/parameters";
import type { Selection } from "../../components/selection";
import { Failure } from "../../components/states";
import { firstDay } from "../../lib/activity";
import type { TreeRow, TreeSort } from "../../lib/folders";
import { ExperimentLine, FolderLine } from "./tree-row";

type Row = TreeRow<ExperimentSummary>;

const NARROW = "(max-width: 767px)";
const ROW = 36;
const NARROW_ROWS = { folder: 60, experiment: 84 };

interface Props {
  rows: Row[];
  /** How many experiments the rows stand for, those in closed folders, too. */
  total: number;
  flat: boolean;
  sort: TreeSort;
  toggle: (path: string, open: boolean) => void;
  selection: Selection;
  scroller: RefObject<HTMLDivElement | null>;
}

/** Rows of folders and experiments, of which only those in view are drawn, and read up on. */
export function TreeGrid({ rows, total, flat, sort, toggle, selection, scroller }: Props) {
  const narrow = useMedia(NARROW);
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  // What stands above the tree may grow and shrink: where the tree begins is looked up again after each change.
  useLayoutEffect(() => {
    const top = body.current?.getBoundingClientRect().top ?? 0;
    const outer = scroller.current;
    if (outer) setMargin(Math.round(top - outer.getBoundingClientRect().top + outer.scrollTop));
  });
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (narrow ? NARROW_ROWS[rows[index]!.kind] : ROW),
    scrollMargin: margin,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured again when their height changes
  useEffect(() => virtual.measure(), [narrow, narrow && rows]);
  const items = virtual.getVirtualItems();
  const pieces = piecesInView(rows, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const best = useBest(pieces);
  const since = firstDay(useNow());
  const activity = useActivity(pieces, since);
  const keys = useRowKeys({ rows, toggle, selection, show: (index) => virtual.scrollToIndex(index), body });
  return (
    <>
      {best.failure && <Failure small title="The best runs could not be read" {...best.failure} />}
      {activity.failure && <Failure small title="The activity could not be read" {...activity.failure} />}
      <div
        className="tree"
        data-flat={flat}
        role="treegrid"
        aria-label="Experiments"
        aria-multiselectable="true"
        aria-rowcount={rows.length + 1}
      >
        <div role="rowgroup">
          <Heads sort={sort} selection={selection} total={total} />
        </div>
        <div role="rowgroup" ref={body} className="tree-body" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index]!;
            const place = {
              index,
              active: index === keys.active,
              top: start - margin,
              onFocus: () => keys.setActive(index),
              onKeyDown: keys.onKeyDown,
            };
            return row.kind === "folder" ? (
              <FolderLine key={`folder ${row.path}`} row={row} place={place} toggle={toggle} />
            ) : (
              <ExperimentLine
                key={row.experiment.experiment_id}
                row={row}
                place={place}
                best={best.of(row.experiment.experiment_id)}
                activity={activity.of(row.experiment.experiment_id)}
                since={since}
                selected={selection.selected.has(row.experiment.experiment_id)}
                onSelect={(range) => selection.toggle(index, range)}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

/** Ids of the experiments in view, in pieces that do not move while the list is scrolled. */
function piecesInView(rows: Row[], first: number, last: number): string[][] {
  const pieces: string[][] = [];
  for (let piece = Math.floor(first / PIECE); piece <= Math.floor(last / PIECE); piece += 1) {
    const part = rows.slice(piece * PIECE, (piece + 1) * PIECE);
    pieces.push(part.flatMap((row) => (row.kind === "experiment" ? [row.experiment.experiment_id] : [])));
  }
  return pieces;
}

interface RowKeys {
  rows: Row[];
  toggle: (path: string, open: boolean) => void;
  selection: Selection;
  show: (index: number) => void;
  body: RefObject<HTMLDivElement | null>;
}

/** Keys of a tree after the ARIA pattern: arrows move, right and left open and close, Enter goes there; x selects. */
function useRowKeys({ rows, toggle, selection, show, body }: RowKeys) {
  const [, navigate] = useLocation();
  const [chosen, setActive] = useState(0);
  const active = Math.min(chosen, rows.length - 1);
  const wanted = useRef(false);
  useEffect(() => {
    if (!wanted.current) return;
    const row = body.current?.querySelector<HTMLElement>(`[aria-rowindex="${active + 2}"]`);
    if (!row) return;
    wanted.current = false;
    row.focus();
  });
  const move = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    wanted.current = true;
    show(next);
    setActive(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = rows[active];
    if (!isPlace(event) || !row || event.altKey) return;
    const turn = (by: -1 | 1) => {
      if (event.shiftKey) selection.toggle(Math.max(0, Math.min(rows.length - 1, active + by)), true);
      move(active + by);
    };
    const acts: Record<string, () => void> = {
      ArrowDown: () => turn(1),
      ArrowUp: () => turn(-1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => {
        if (row.kind === "folder" && !row.open) toggle(row.path, true);
        else if (row.kind === "folder") move(active + 1);
      },
      ArrowLeft: () => {
        if (row.kind === "folder" && row.open) toggle(row.path, false);
        else move(rows.findLastIndex((one, index) => index < active && one.depth < row.depth));
      },
      Enter: () => {
        if (row.kind === "folder") toggle(row.path, !row.open);
        else navigate(`/experiments/${row.experiment.experiment_id}`);
      },
      x: () => selection.toggle(active, false),
      X: () => selection.toggle(active, true),
      Escape: selection.clear,
    };
    const control = event.ctrlKey || event.metaKey;
    const act = control ? event.key === "a" && selection.toggleAll : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return { active, setActive, onKeyDown };
}

/** Whether a key was pressed on the row itself or its box, not on a link or button in it. */
function isPlace({ target, currentTarget, key }: KeyboardEvent<HTMLElement>): boolean {
  if (target === currentTarget) return true;
  return target instanceof HTMLInputElement && key !== "Enter";
}

function Heads({ sort, selection, total }: Pick<Props, "sort" | "selection" | "total">) {
  const { size } = selection.selected;
  const head = (column: TreeSort["column"], label: string, className: string) => {
    const chosen = sort.column === column;
    const turned = chosen ? !sort.descending : column !== "name";
    return (
      <div
        role="columnheader"
        className={className}
        aria-sort={chosen ? (sort.descending ? "descending" : "ascending") : "none"}
      >
        <button type="button" onClick={() => setParameters({ sort: `${turned ? "-" : ""}${column}` })}>
          {label}
          {chosen && <Icon name={sort.descending ? "fall" : "up"} />}
        </button>
      </div>
    );
  };
  return (
    <div role="row" className="tree-row tree-head" aria-rowindex={1}>
      <div role="columnheader" className="tree-check">
        <input
          type="checkbox"
          aria-label="Select all experiments"
          checked={size > 0 && size >= total}
          ref={(box) => {
            if (box) box.indeterminate = size > 0 && size < total;
          }}
          onChange={selection.toggleAll}
        />
      </div>
      {head("name", "Name", "tree-name")}
      {head("runs", "Runs", "tree-runs number")}
      <div role="columnheader" className="tree-state">
        State
      </div>
      <div role="columnheader" className="tree-strip">
        30 days
      </div>
      <div role="columnheader" className="tree-best">
        Best
      </div>
      <div role="columnheader" className="tree-owner" title="Who started the first run">
        Owner
      </div>
      {head("activity", "Last activity", "tree-time")}
      <div role="columnheader" className="tree-note">
        Note
      </div>
      <div role="columnheader" className="tree-acts">
        <span className="visually-hidden">Actions</span>
      </div>
    </div>
  );
}
