import { useState } from "react";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { ATTRIBUTES, columnsOf, keyOf, kindOf, labelOf, readableTags } from "../../lib/columns";
import type { Frame } from "../../lib/frame";

interface Props {
  frame: Frame;
  shown: string[];
  chosen: boolean;
  onColumns: (columns: string[] | undefined) => void;
}

const MOST_LISTED = 300;
const TITLES = { attributes: "Run", metrics: "Metrics", params: "Params", tags: "Tags" } as const;

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

function ColumnList({ frame, shown, chosen, onColumns }: Props) {
  const [search, setSearch] = useState("");
  const all = [...columnsOf(frame, "metrics"), ...columnsOf(frame, "params"), ...readableTags(frame), ...ATTRIBUTES];
  const needle = search.toLowerCase();
  const found = all.filter((column) => labelOf(column).toLowerCase().includes(needle));
  const visible = new Set(shown);
  const toggle = (column: string) =>
    onColumns(visible.has(column) ? shown.filter((name) => name !== column) : insert(shown, column, all));
  const listed = found.slice(0, MOST_LISTED);
  return (
    <div className="column-menu">
      <input
        className="field"
        type="search"
        aria-label="Search columns"
        placeholder={`Search ${all.length} columns`}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <div className="column-list">
        {(["metrics", "params", "tags", "attributes"] as const).map((kind) => {
          const names = listed.filter((column) => kindOf(column) === kind);
          return names.length === 0 ? null : (
            <fieldset key={kind}>
              <legend>{TITLES[kind]}</legend>
              {names.map((column) => (
                <label key={column} className="menu-item" title={keyOf(column)}>
                  <input type="checkbox" checked={visible.has(column)} onChange={() => toggle(column)} />
                  <span className="truncate">{labelOf(column)}</span>
                </label>
              ))}
            </fieldset>
          );
        })}
        {found.length > listed.length && (
          <p className="muted column-note">{found.length - listed.length} more: search to find them.</p>
        )}
        {found.length === 0 && <p className="muted column-note">No column has “{search}” in its name.</p>}
      </div>
      <div className="menu-line" />
      <button type="button" className="menu-item" disabled={!chosen} onClick={() => onColumns(undefined)}>
        <Icon name="reset" />
        Default columns
      </button>
    </div>
  );
}

/** A column put among its kind, in the order that the menu has. */
function insert(shown: string[], column: string, all: string[]): string[] {
  const kind = kindOf(column);
  const place = all.indexOf(column);
  const after = shown.findIndex((name) => kindOf(name) === kind && all.indexOf(name) > place);
  if (after !== -1) return shown.toSpliced(after, 0, column);
  const lastOfKind = shown.findLastIndex((name) => kindOf(name) === kind);
  return shown.toSpliced(lastOfKind === -1 ? shown.length : lastOfKind + 1, 0, column);
}
