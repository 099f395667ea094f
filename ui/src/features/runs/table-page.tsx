import { useCallback, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { useExperiment, useWrite } from "../../api/queries";
import { useCrumbs } from "../../components/crumbs";
import { ExperimentParts } from "../../components/experiment-parts";
import { FilterBox } from "../../components/filter-box";
import { useKeys } from "../../components/keys";
import { useMedia } from "../../components/media";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, IgnoredNotice, SkeletonRows, Snippet } from "../../components/states";
import { tellError } from "../../components/toast";
import { assignHues } from "../../lib/colors";
import { columnsOf, DURATION, defaultColumns, keyOf, START_TIME, searchName } from "../../lib/columns";
import type { Vocabulary } from "../../lib/filter-text";
import type { Frame, SortKey } from "../../lib/frame";
import { formatMainMetric, guessDirection, MAIN_METRIC_TAG, type MainMetric, parseMainMetric } from "../../lib/metrics";
import { compareHref, parseTable, type TableState, tableParameters } from "../../lib/url-state";
import { ColumnMenu } from "./column-menu";
import { RunCards } from "./run-cards";
import { type GridProps, RunGrid } from "./run-grid";
import { SelectionBar } from "./selection-bar";
import { SortSelect } from "./sort-select";
import { StageSelect } from "./stage-select";
import { StatusLine } from "./status-line";
import { useRunTable } from "./use-run-table";
import { handleGridKey, useSelection } from "./use-selection";

const NEWEST: SortKey[] = [{ column: START_TIME, descending: true }];
const NARROW = "(max-width: 639px)";
const ROWS_A_PAGE = 20;

/** The runs of an experiment: filter, sort, choose columns, select. */
export default function RunTablePage({ experimentId = "" }: { experimentId?: string }) {
  const text = useQueryText();
  const { state, ignored } = useMemo(() => parseTable(text), [text]);
  const experiment = useExperiment(experimentId);
  const sort = state.sort.length > 0 ? state.sort : NEWEST;
  const table = useRunTable({ experimentId, query: state.query, stage: state.stage, sort });
  useCrumbs([{ label: "Experiments", href: "/" }, { label: experiment.data?.name ?? `Experiment ${experimentId}` }]);
  const change = useCallback((next: Partial<TableState>) => {
    const present = parseTable(location.search).state;
    setParameters(tableParameters({ ...present, ...next }));
  }, []);
  const onQuery = useCallback((query: string) => change({ query }), [change]);
  const choice = useMemo(() => defaultColumns(table.frame), [table.frame]);
  const columns = state.columns ?? choice.shown;
  const vocabulary = useVocabulary(table.frame);
  const refused = table.error !== null && "status" in table.error && table.error.status === 400 && state.query !== "";
  const blank = table.frame.runIds.length === 0;
  if (experiment.error && !experiment.data) {
    return (
      <Failure
        page
        title="The experiment could not be read"
        error={experiment.error}
        retry={() => void experiment.refetch()}
      />
    );
  }
  return (
    <>
      <h1 className="visually-hidden">Runs of {experiment.data?.name ?? experimentId}</h1>
      <IgnoredNotice ignored={ignored} />
      <div className="toolbar">
        <ExperimentParts experimentId={experimentId} />
        <FilterBox
          label="Filter runs"
          example="metrics.accuracy > 0.9 AND params.optimizer = 'adam'"
          query={state.query}
          problem={refused ? table.error?.message : undefined}
          vocabulary={vocabulary}
          onQuery={onQuery}
        />
        <SortSelect metrics={columnsOf(table.frame, "metrics")} sort={sort} onSort={(next) => change({ sort: next })} />
        <StageSelect stage={state.stage} onStage={(stage) => change({ stage })} />
        <ColumnMenu
          frame={table.frame}
          shown={columns}
          chosen={state.columns !== undefined}
          onColumns={(next) => change({ columns: next })}
        />
      </div>
      {table.loading && <SkeletonRows rows={16} />}
      {table.error && !refused && (
        <Failure small={!blank} title="The runs could not be read" error={table.error} retry={table.retry} />
      )}
      {!table.loading && blank && (refused || !table.error) && (
        <NoRuns
          state={state}
          refused={refused === true}
          experimentName={experiment.data?.name ?? ""}
          onQuery={onQuery}
        />
      )}
      {!blank && (
        <Runs
          experimentId={experimentId}
          table={table}
          columns={columns}
          sort={sort}
          state={state}
          mainTag={experiment.data?.tags?.find((tag) => tag.key === MAIN_METRIC_TAG)?.value}
          onChange={change}
        />
      )}
      {!table.loading && (
        <StatusLine table={table} state={state} sort={sort} choice={choice} experimentId={experimentId} />
      )}
    </>
  );
}

function useVocabulary(frame: Frame): Vocabulary {
  return useMemo(() => {
    const kinds = (["metrics", "params", "tags", "attributes"] as const).flatMap((kind) => columnsOf(frame, kind));
    const columns = new Map(kinds.filter((name) => name !== DURATION).map((name) => [searchName(name), name]));
    const values = (name: string) => {
      const cells = frame.columns.get(columns.get(name) ?? `attributes.${name}`) ?? [];
      return [...new Set(cells.filter((cell) => cell !== null).map(String))].slice(0, 200);
    };
    return { names: [...columns.keys()], values };
  }, [frame]);
}

interface RunsProps {
  experimentId: string;
  table: ReturnType<typeof useRunTable>;
  columns: string[];
  sort: SortKey[];
  state: TableState;
  mainTag: string | undefined;
  onChange: (next: Partial<TableState>) => void;
}

function Runs({ experimentId, table, columns, sort, state, mainTag, onChange }: RunsProps) {
  const { frame, rows, total, stale, more } = table;
  const [, navigate] = useLocation();
  const [active, setActive] = useState(-1);
  const narrow = useMedia(NARROW);
  const selection = useSelection(frame, rows, state.selected);
  const { main, setMain } = useMainMetric(experimentId, frame, mainTag);
  const hues = useMemo(() => assignHues([...selection.selected]), [selection.selected]);
  const open = (index: number) => {
    const id = frame.runIds[rows[index] ?? -1];
    if (id) navigate(`/runs/${id}`);
  };
  const keys = { active, count: rows.length, page: ROWS_A_PAGE, selection, onActive: setActive, open };
  const onPage = (event: KeyboardEvent) => handleGridKey(event, keys);
  const compare = () => {
    if (selection.selected.size >= 2) navigate(compareHref(selection.selected));
  };
  useKeys({
    j: onPage,
    k: onPage,
    ArrowDown: onPage,
    ArrowUp: onPage,
    x: onPage,
    Enter: onPage,
    Escape: onPage,
    c: compare,
  });
  const grid: GridProps = {
    frame,
    rows,
    total,
    columns,
    sort,
    main,
    hues,
    active,
    stale,
    view: JSON.stringify([state.query, state.stage, sort]),
    selected: selection.selected,
    onActive: setActive,
    onToggle: selection.toggle,
    onToggleAll: selection.toggleAll,
    onKeyDown: (event) => handleGridKey(event, keys),
    onEnd: more,
    onSort: (next) => onChange({ sort: next }),
    onHide: (column) => onChange({ columns: columns.filter((name) => name !== column) }),
    onMain: setMain,
  };
  return (
    <>
      {narrow ? <RunCards {...grid} /> : <RunGrid {...grid} />}
      <SelectionBar selected={selection.selected} stage={state.stage} clear={selection.clear} />
    </>
  );
}

/** The metric people look at first: the one kept with the experiment, or the likeliest by its name. */
function useMainMetric(experimentId: string, frame: Frame, tag: string | undefined) {
  const write = useWrite("setExperimentTag", ["experiment"]);
  const guessed = columnsOf(frame, "metrics")[0];
  const main = useMemo((): MainMetric | undefined => {
    const kept = parseMainMetric(tag);
    if (kept && frame.columns.has(`metrics.${kept.key}`)) return kept;
    return guessed ? { key: keyOf(guessed), direction: guessDirection(keyOf(guessed)) } : undefined;
  }, [tag, guessed, frame]);
  const setMain = (next: MainMetric) =>
    write.mutate(
      { experiment_id: experimentId, key: MAIN_METRIC_TAG, value: formatMainMetric(next) },
      { onError: tellError },
    );
  return { main, setMain };
}

interface NoRunsProps {
  state: TableState;
  refused: boolean;
  experimentName: string;
  onQuery: (query: string) => void;
}

function NoRuns({ state, refused, experimentName, onQuery }: NoRunsProps) {
  if (state.query) {
    return (
      <Empty title={refused ? "The filter could not be read" : "No run matches the filter"} icon="search">
        <p className="state-message mono">{state.query}</p>
        <button type="button" className="button" onClick={() => onQuery("")}>
          Clear the filter
        </button>
      </Empty>
    );
  }
  if (state.stage === "deleted") return <Empty title="No run was deleted" icon="trash" />;
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    `assay.set_experiment(${JSON.stringify(experimentName)})`,
    "with assay.start_run():",
    '    assay.log_metric("accuracy", 0.93)',
  ].join("\n");
  return (
    <Empty title="No runs yet" icon="plus">
      <Snippet code={code} label="Python code that logs a run to this experiment" />
      <p className="muted" role="status">
        Waiting for the first run… it will appear here by itself.
      </p>
    </Empty>
  );
}
