import { useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useMay } from "../../components/access";
import { csvFile, download } from "../../components/download";
import { useKeys } from "../../components/keys";
import { later } from "../../components/later";
import { useMedia } from "../../components/media";
import { Layer } from "../../components/popover";
import { useSelection } from "../../components/selection";
import { attempt } from "../../components/toast";
import { COLOR_TAG, parseColor } from "../../lib/colors";
import { kindOf } from "../../lib/columns";
import { cellAt, type SortKey } from "../../lib/frame";
import { huesShown } from "../../lib/run-hues";
import type { TableState } from "../../lib/url-state";
import { csvOf } from "./export";
import { handleGridKey } from "./grid-keys";
import type { GridActions, GridProps } from "./grid-props";
import { firstDirection, nextSort, sortColumn } from "./header-cell";
import { RunCards } from "./run-cards";
import { RunGrid } from "./run-grid";
import { SelectionBar, togetherHref } from "./selection-bar";
import { useEdits } from "./use-edits";
import { useSparks } from "./use-nearby";
import type { TableView } from "./use-table-view";

const ColorMenu = later(() => import("./color-menu"), <div className="menu-waiting" />);
const RunPeek = later(() => import("./run-peek"), <aside className="peek" aria-hidden="true" />);

const NARROW = "(max-width: 639px)";
const ROWS_A_PAGE = 20;
const NARROWEST = 48;

interface Props {
  experimentId: string;
  view: TableView;
  sort: SortKey[];
  state: TableState;
  onChange: (next: Partial<TableState>) => void;
}

/** Write runs of the table to a file: those selected, or all that match. */
export async function exportRuns(view: TableView, only: ReadonlySet<string>, name: string): Promise<void> {
  const { table, columns } = view;
  await attempt("The runs were not exported", async () => {
    const frame = table.complete ? view.frame : await table.readAll(columns.filter(isRecorded));
    const all = table.complete ? view.rows : frame.runIds.map((_, row) => row);
    const rows = only.size === 0 ? all : all.filter((row) => only.has(frame.runIds[row]!));
    download(csvFile(csvOf(frame, rows, columns)), `${name || "runs"}.csv`);
  });
}

function isRecorded(column: string): boolean {
  return kindOf(column) !== "attributes" && kindOf(column) !== "curves";
}

/** The runs as a table, or as cards where there is no room; what can be done with them; the drawer beside them. */
export function RunsView({ experimentId, view, sort, state, onChange }: Props) {
  const { table, frame, rows, lines, columns, main } = view;
  const [, navigate] = useLocation();
  const [active, setActive] = useState({ index: -1, column: -1 });
  const [visible, setVisible] = useState<string[]>([]);
  const [editing, setEditing] = useState(false);
  const [coloring, setColoring] = useState<{ runId: string; anchor: HTMLElement }>();
  const narrow = useMedia(NARROW);
  const allIds = table.complete ? async () => rows.map((row) => frame.runIds[row]!) : table.allIds;
  const runAt = (index: number) => (lines[index]?.kind === "run" ? lines[index].key : undefined);
  const selection = useSelection({
    parameter: "runs",
    initial: state.selected,
    total: table.total,
    idAt: runAt,
    allIds,
  });
  const edits = useEdits(frame);
  const mayEdit = useMay("EDIT");
  const sparks = useSparks(visible, columns);
  const hues = useMemo(() => huesShown(frame, [...selection.selected]), [frame, selection.selected]);
  const hidden = useMemo(() => new Set(state.hidden), [state.hidden]);
  const peek = (runId: string, edit = false) => {
    setEditing(edit);
    onChange({ peek: state.peek === runId && !edit ? "" : runId });
  };
  const activate = (index: number, column = -1) => {
    setActive({ index, column });
    const runId = runAt(index);
    if (state.peek && runId && runId !== state.peek) {
      setEditing(false);
      onChange({ peek: runId });
    }
  };
  const withRun = (index: number, run: (runId: string) => void) => {
    const runId = runAt(index);
    if (runId) run(runId);
  };
  const turn = (key: string) => onChange({ open: view.openness.turn(key) });
  const hide = (runId: string) =>
    onChange({ hidden: hidden.has(runId) ? state.hidden.filter((id) => id !== runId) : [...state.hidden, runId] });
  const sortBy = (place: number) => {
    const column = sortColumn(columns[place] ?? "");
    onChange({ sort: nextSort(sort, column, { add: false, direction: firstDirection(column, main) }) });
  };
  const keys = {
    active: active.index,
    activeColumn: active.column,
    lines,
    columns: columns.length,
    page: ROWS_A_PAGE,
    selection,
    onActive: activate,
    open: (index: number) => withRun(index, (runId) => navigate(`/runs/${runId}`)),
    turn,
    peek: (index: number) => withRun(index, peek),
    edit: (index: number) => withRun(index, (runId) => peek(runId, mayEdit)),
    hide: (index: number) => withRun(index, hide),
    sortBy,
    escape: () => (state.peek ? onChange({ peek: "" }) : selection.clear()),
  };
  const onPage = (event: KeyboardEvent) => handleGridKey(event, keys);
  useKeys({
    ...Object.fromEntries(["j", "k", "x", "h", "e", "s", " ", "Enter", "Escape"].map((key) => [key, onPage])),
    ...Object.fromEntries(["Down", "Up", "Left", "Right"].map((way) => [`Arrow${way}`, onPage])),
    c: () => {
      const href = togetherHref({ selected: selection.selected, experimentId, query: state.query });
      if (href !== undefined) navigate(href);
    },
  });
  const place = (next: string[]) => onChange({ columns: next });
  const act = useStable<GridActions>({
    activate,
    toggle: selection.toggle,
    toggleAll: selection.toggleAll,
    turn,
    sort: (next) => onChange({ sort: next }),
    hideColumn: (column) => onChange({ columns: columns.filter((name) => name !== column) }),
    pin: (column) =>
      onChange({
        pinned: state.pinned.includes(column)
          ? state.pinned.filter((name) => name !== column)
          : [...state.pinned, column],
      }),
    resize: (column, width) => {
      const { [column]: _, ...others } = state.widths;
      onChange({ widths: width === undefined ? others : { ...others, [column]: Math.max(NARROWEST, width) } });
    },
    move: (column, before) => place(moved(columns, column, columns.indexOf(before))),
    shift: (column, places) => place(moved(columns, column, columns.indexOf(column) + places)),
    addBeside: (column, next) => {
      if (!columns.includes(next)) place(columns.toSpliced(columns.indexOf(column) + 1, 0, next));
    },
    main: view.setMain,
    color: (runId, anchor) => setColoring({ runId, anchor }),
    hide,
    peek,
    filter: (query) => onChange({ query, group: [], open: [] }),
    group: (column) => onChange({ group: [...state.group, column].slice(-2), open: [] }),
    visible: setVisible,
    end: table.more,
    keyDown: (event) => handleGridKey(event, keys),
  });
  const grid: GridProps = {
    frame,
    lines,
    total: table.total,
    rows,
    whole: table.whole,
    columns,
    pinned: state.pinned,
    widths: state.widths,
    sort,
    main,
    bars: state.bars,
    stat: state.stat,
    groupBy: state.group,
    families: view.families,
    sparks,
    selected: selection.selected,
    hidden,
    hues,
    active: Math.min(active.index, lines.length - 1),
    activeColumn: active.column,
    peeked: state.peek,
    stale: table.stale,
    query: state.query,
    view: JSON.stringify([state.query, state.stage, sort, state.group]),
    act,
  };
  const closePeek = () => {
    onChange({ peek: "" });
    document.querySelector<HTMLElement>(".grid, .cards")?.focus();
  };
  return (
    <>
      <div className="table-area">
        {narrow ? <RunCards {...grid} /> : <RunGrid {...grid} />}
        {state.peek && (
          <RunPeek
            frame={frame}
            runId={state.peek}
            hue={hues.get(state.peek)}
            editing={editing}
            edits={edits}
            onClose={closePeek}
          />
        )}
      </div>
      {coloring && (
        <Layer anchor={coloring.anchor} label="Colour of the run" onClose={() => setColoring(undefined)}>
          {(close) => (
            <ColorMenu
              chosen={parseColor(cellAt(frame, `tags.${COLOR_TAG}`, frame.runIds.indexOf(coloring.runId)))}
              onColor={(index) => {
                close();
                void edits.color([coloring.runId], index);
              }}
            />
          )}
        </Layer>
      )}
      <SelectionBar
        frame={frame}
        experimentId={experimentId}
        selected={selection.selected}
        query={state.query}
        total={table.total}
        stage={state.stage}
        hidden={state.hidden}
        edits={edits}
        onHidden={(next) => onChange({ hidden: next })}
        onExport={() => void exportRuns(view, selection.selected, "runs")}
        selectAll={selection.toggleAll}
        clear={selection.clear}
      />
    </>
  );
}

/** Functions that stay the same objects while what they do changes with every drawing. */
function useStable<Functions extends object>(functions: Functions): Functions {
  const latest = useRef(functions);
  useEffect(() => {
    latest.current = functions;
  });
  const [stable] = useState(() => {
    const names = Object.keys(functions) as Array<keyof Functions>;
    const entries = names.map((name) => [
      name,
      (...given: unknown[]) => (latest.current[name] as (...all: unknown[]) => unknown)(...given),
    ]);
    return Object.fromEntries(entries) as Functions;
  });
  return stable;
}

/** A list with one of its parts in another place. */
function moved(columns: string[], column: string, place: number): string[] {
  const others = columns.filter((name) => name !== column);
  const at = Math.min(others.length, Math.max(0, place));
  return others.toSpliced(at, 0, column);
}
