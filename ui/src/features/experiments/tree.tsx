import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { ExperimentSummary } from "../../api/generated";
import { PIECE, useBest } from "../../api/home";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import { useMedia } from "../../components/media";
import { setParameters, useQueryText } from "../../components/parameters";
import { hasFolders, listRows, type TreeRow, type TreeSort, treeRows } from "../../lib/folders";
import { formatCount, plural } from "../../lib/format";
import { joinList, splitList } from "../../lib/url-state";
import { ExperimentLine, FolderLine } from "./tree-row";

type Row = TreeRow<ExperimentSummary>;

const NARROW = "(max-width: 767px)";
const ROW = 36;
const NARROW_ROW = 60;
const NONE_OPEN = "-";
/** So few experiments are shown with their folders open. */
const FEW = 30;

function readSort(text: string | null): TreeSort {
  const column = text?.replace(/^-/, "");
  const known = column === "name" || column === "runs" || column === "activity";
  return known ? { column, descending: text?.startsWith("-") ?? false } : { column: "activity", descending: true };
}

/** Folders that are open, as the address says; without it all of a small tree, of a large one none. */
function readOpen(text: string | null, experiments: ExperimentSummary[]): ReadonlySet<string> {
  if (text !== null) return new Set(text === NONE_OPEN ? [] : splitList(text));
  if (experiments.length > FEW) return new Set();
  const parts = experiments.map(({ name }) => name.split("/").filter((part) => part.trim() !== ""));
  return new Set(parts.flatMap((path) => path.map((_, depth) => path.slice(0, depth + 1).join("/"))));
}

interface Props {
  experiments: ExperimentSummary[];
  scroller: RefObject<HTMLDivElement | null>;
}

/** Experiments in their folders, or as a list: with a filter, an order, and a keyboard. */
export function ExperimentTree({ experiments, scroller }: Props) {
  const values = new URLSearchParams(useQueryText());
  const query = values.get("q") ?? "";
  const sortText = values.get("sort");
  const openText = values.get("open");
  const foldable = useMemo(() => hasFolders(experiments), [experiments]);
  const flat = !foldable || values.get("list") === "flat" || query !== "";
  const sort = useMemo(() => readSort(sortText), [sortText]);
  const open = useMemo(() => readOpen(openText, experiments), [openText, experiments]);
  const found = useMemo(() => matching(experiments, query), [experiments, query]);
  const rows = useMemo(
    () => (flat ? listRows(found, sort) : treeRows(found, { sort, open })),
    [flat, found, sort, open],
  );
  const toggle = (path: string, next: boolean) => {
    const paths = new Set(open);
    if (next) paths.add(path);
    else paths.delete(path);
    setParameters({ open: joinList([...paths]) || NONE_OPEN });
  };
  return (
    <>
      <div className="tree-tools">
        <FilterField query={query} first={rows[0]} />
        {foldable && (
          <fieldset className="segments" aria-label="Arrangement">
            <button
              type="button"
              aria-pressed={!flat}
              disabled={query !== ""}
              onClick={() => setParameters({ list: "" })}
            >
              Folders
            </button>
            <button type="button" aria-pressed={flat} onClick={() => setParameters({ list: "flat" })}>
              List
            </button>
          </fieldset>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="tree-none">
          No experiment has “{query}” in its name or note.{" "}
          <button type="button" className="button" onClick={() => setParameters({ q: "" })}>
            Clear the filter
          </button>
        </p>
      ) : (
        <Grid rows={rows} flat={flat} sort={sort} toggle={toggle} scroller={scroller} />
      )}
      <p className="muted list-foot" role="status">
        {found.length === experiments.length
          ? plural(experiments.length, "experiment")
          : `${formatCount(found.length)} of ${plural(experiments.length, "experiment")}`}
      </p>
    </>
  );
}

function matching(experiments: ExperimentSummary[], query: string): ExperimentSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return experiments;
  return experiments.filter(({ name, note }) => {
    const text = `${name}\n${note}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function FilterField({ query, first }: { query: string; first: Row | undefined }) {
  const [, navigate] = useLocation();
  const field = useRef<HTMLInputElement>(null);
  useKeys({
    "/": (event) => {
      event.preventDefault();
      field.current?.focus();
    },
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && query && first?.kind === "experiment") {
      navigate(`/experiments/${first.experiment.experiment_id}`);
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      document.querySelector<HTMLElement>(".tree [role=row][tabindex='0']")?.focus();
    }
  };
  return (
    <div className="search-line">
      <Icon name="search" />
      <input
        ref={field}
        className="field"
        type="search"
        aria-label="Filter experiments by name or note"
        placeholder="Filter by name or note"
        value={query}
        onChange={(event) => setParameters({ q: event.target.value })}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

interface GridProps {
  rows: Row[];
  flat: boolean;
  sort: TreeSort;
  toggle: (path: string, open: boolean) => void;
  scroller: Props["scroller"];
}

function Grid({ rows, flat, sort, toggle, scroller }: GridProps) {
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
    estimateSize: () => (narrow ? NARROW_ROW : ROW),
    scrollMargin: margin,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured again when their height changes
  useEffect(() => virtual.measure(), [narrow]);
  const items = virtual.getVirtualItems();
  const best = useBest(piecesInView(rows, items[0]?.index ?? 0, items.at(-1)?.index ?? 0));
  const keys = useRowKeys({ rows, toggle, show: (index) => virtual.scrollToIndex(index), body });
  return (
    <div className="tree" data-flat={flat} role="treegrid" aria-label="Experiments" aria-rowcount={rows.length + 1}>
      <div role="rowgroup">
        <Heads sort={sort} />
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
              best={best.get(row.experiment.experiment_id)}
            />
          );
        })}
      </div>
    </div>
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
  show: (index: number) => void;
  body: RefObject<HTMLDivElement | null>;
}

/** Keys of a tree after the ARIA pattern: arrows move, right and left open and close, Enter goes there. */
function useRowKeys({ rows, toggle, show, body }: RowKeys) {
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
    if (event.target !== event.currentTarget || !row) return;
    const acts: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
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
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return { active, setActive, onKeyDown };
}

function Heads({ sort }: { sort: TreeSort }) {
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
      {head("name", "Name", "tree-name")}
      {head("runs", "Runs", "tree-runs number")}
      <div role="columnheader" className="tree-state">
        State
      </div>
      <div role="columnheader" className="tree-best">
        Best
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
