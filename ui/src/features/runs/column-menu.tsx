import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import {
  ATTRIBUTES,
  type ColumnKind,
  columnsOf,
  keyOf,
  kindOf,
  labelOf,
  METRIC_WORDS,
  readableTags,
} from "../../lib/columns";
import { formatCount } from "../../lib/format";
import type { Frame } from "../../lib/frame";

interface Props {
  frame: Frame;
  shown: string[];
  chosen: boolean;
  onColumns: (columns: string[] | undefined) => void;
}

const ROW = 28;
const HEIGHT = 340;
const TITLES: Partial<Record<ColumnKind, string>> = {
  attributes: "Run",
  metrics: "Metrics",
  params: "Params",
  tags: "Tags",
};

/** Chooses the columns of the run table. */
export function ColumnMenu(props: Props) {
  return (
    <Popover
      label="Choose columns"
      button={
        <>
          <Icon name="columns" />
          <span className="wide-word">Columns</span>
        </>
      }
    >
      {() => <ColumnList {...props} />}
    </Popover>
  );
}

type Entry = { title: string; kind: ColumnKind } | { column: string };

function ColumnList({ frame, shown, chosen, onColumns }: Props) {
  const [search, setSearch] = useState("");
  const [word, setWord] = useState<ColumnKind>("metrics");
  const groups = useMemo(
    (): Array<[ColumnKind, readonly string[]]> => [
      ["metrics", columnsOf(frame, "metrics").map((column) => `${word}.${keyOf(column)}`)],
      ["params", columnsOf(frame, "params")],
      ["tags", readableTags(frame)],
      ["attributes", ATTRIBUTES],
    ],
    [frame, word],
  );
  const needle = search.toLowerCase();
  const entries = useMemo(
    () =>
      groups.flatMap(([kind, columns]): Entry[] => {
        const found = columns.filter((column) => labelOf(column).toLowerCase().includes(needle));
        const title = `${TITLES[kind]} ${formatCount(found.length)}`;
        return found.length === 0 ? [] : [{ title, kind }, ...found.map((column) => ({ column }))];
      }),
    [groups, needle],
  );
  const total = groups.reduce((sum, [, columns]) => sum + columns.length, 0);
  const visible = new Set(shown);
  const toggle = (column: string) =>
    onColumns(visible.has(column) ? shown.filter((name) => name !== column) : insert(shown, column));
  const setAll = (kind: ColumnKind, on: boolean) => {
    const found = entries.flatMap((entry) => ("column" in entry && belongs(entry.column, kind) ? [entry.column] : []));
    if (!on) onColumns(shown.filter((name) => !found.includes(name)));
    else if (needle === "" && kind !== "attributes")
      onColumns([...shown.filter((name) => !found.includes(name)), `${kind === "metrics" ? word : kind}.*`]);
    else onColumns([...new Set([...shown, ...found])]);
  };
  return (
    <div className="column-menu">
      <input
        className="field"
        type="search"
        aria-label="Search columns"
        placeholder={`Search ${formatCount(total)} columns`}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <fieldset className="segments">
        <legend className="visually-hidden">Which value of a metric</legend>
        {Object.entries(METRIC_WORDS).map(([kind, name]) => (
          <button key={kind} type="button" aria-pressed={word === kind} onClick={() => setWord(kind as ColumnKind)}>
            {name}
          </button>
        ))}
      </fieldset>
      <Entries entries={entries} visible={visible} toggle={toggle} setAll={setAll} />
      {entries.length === 0 && <p className="muted column-note">No column has “{search}” in its name.</p>}
      <div className="menu-line" />
      <button type="button" className="menu-item" disabled={!chosen} onClick={() => onColumns(undefined)}>
        <Icon name="reset" />
        Default columns
      </button>
    </div>
  );
}

function belongs(column: string, kind: ColumnKind): boolean {
  return kind === "metrics" ? kindOf(column) in METRIC_WORDS : kindOf(column) === kind;
}

interface EntriesProps {
  entries: Entry[];
  visible: ReadonlySet<string>;
  toggle: (column: string) => void;
  setAll: (kind: ColumnKind, on: boolean) => void;
}

/** The columns to choose from: as many as there are, only those in view are in the page. */
function Entries({ entries, visible, toggle, setAll }: EntriesProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 4,
  });
  return (
    <div ref={box} className="column-list" style={{ height: Math.min(HEIGHT, entries.length * ROW) }}>
      <div className="column-entries" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const entry = entries[item.index]!;
          const style = { transform: `translateY(${item.start}px)` };
          if ("title" in entry) {
            return (
              <div key={entry.title} className="column-title" style={style}>
                <span>{entry.title}</span>
                <button
                  type="button"
                  className="link-button"
                  aria-label={`Show all: ${entry.kind}`}
                  onClick={() => setAll(entry.kind, true)}
                >
                  all
                </button>
                <button
                  type="button"
                  className="link-button"
                  aria-label={`Show none: ${entry.kind}`}
                  onClick={() => setAll(entry.kind, false)}
                >
                  none
                </button>
              </div>
            );
          }
          return (
            <label key={entry.column} className="menu-item" title={keyOf(entry.column)} style={style}>
              <input type="checkbox" checked={visible.has(entry.column)} onChange={() => toggle(entry.column)} />
              <span className="truncate">{labelOf(entry.column)}</span>
            </label>
          );
        })}
      </div>
    </div>
  );
}

/** A column put after the last one of its kind. */
function insert(shown: string[], column: string): string[] {
  const kind = kindOf(column) in METRIC_WORDS ? "metrics" : kindOf(column);
  const last = shown.findLastIndex((name) => belongs(name, kind));
  return shown.toSpliced(last === -1 ? shown.length : last + 1, 0, column);
}
