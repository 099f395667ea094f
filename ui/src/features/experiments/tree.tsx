import "../../styles/experiment-tree.css";
import { type KeyboardEvent, type RefObject, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import type { ExperimentSummary } from "../../api/generated";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import { setParameters, useQueryText } from "../../components/parameters";
import { useSelection } from "../../components/selection";
import { hasFolders, listRows, type TreeRow, type TreeSort, treeRows } from "../../lib/folders";
import { formatCount, plural } from "../../lib/format";
import { joinList, splitList } from "../../lib/url-state";
import { SelectionBar } from "./selection-bar";
import { TreeGrid } from "./tree-grid";

type Row = TreeRow<ExperimentSummary>;

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
  const selection = useSelection({
    parameter: "chosen",
    initial: splitList(values.get("chosen") ?? ""),
    total: found.length,
    idAt: (index) => idOf(rows[index]),
    allIds: () => found.map((one) => one.experiment_id),
  });
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
        <TreeGrid {...{ rows, flat, sort, toggle, scroller, selection }} total={found.length} />
      )}
      <p className="muted list-foot" role="status">
        {found.length === experiments.length
          ? plural(experiments.length, "experiment")
          : `${formatCount(found.length)} of ${plural(experiments.length, "experiment")}`}
      </p>
      <SelectionBar experiments={experiments} found={found.length} selection={selection} />
    </>
  );
}

function idOf(row: Row | undefined): string | undefined {
  return row?.kind === "experiment" ? row.experiment.experiment_id : undefined;
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
