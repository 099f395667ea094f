import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { call } from "../../api/client";
import { useExperiment } from "../../api/queries";
import { useCrumbs } from "../../components/crumbs";
import { ExperimentParts } from "../../components/experiment-parts";
import { FilterBox } from "../../components/filter-box";
import { setParameters, useQueryText } from "../../components/parameters";
import { Failure, IgnoredNotice, SkeletonRows } from "../../components/states";
import { columnsOf, DURATION, START_TIME, searchName } from "../../lib/columns";
import { unknownNames } from "../../lib/filter-fix";
import type { Vocabulary } from "../../lib/filter-text";
import { append, EMPTY_FRAME, type Frame, type SortKey } from "../../lib/frame";
import { MAIN_METRIC_TAG } from "../../lib/metrics";
import { parseTable, type TableState, tableParameters } from "../../lib/url-state";
import { ColumnMenu } from "./column-menu";
import { NoRuns } from "./no-runs";
import { exportRuns, RunsView } from "./runs-view";
import { SortSelect } from "./sort-select";
import { StageSelect } from "./stage-select";
import { StatusLine } from "./status-line";
import type { RunTable } from "./use-run-table";
import { useTableView } from "./use-table-view";
import { GroupMenu, ViewMenu } from "./view-menus";

const NEWEST: SortKey[] = [{ column: START_TIME, descending: true }];
const SAMPLE = 200;
const MOST_VALUES = 200;

/** The runs of an experiment: filter, sort, group, choose columns, select. */
export default function RunTablePage({ experimentId = "" }: { experimentId?: string }) {
  const text = useQueryText();
  const { state, ignored } = useTableState(text);
  const experiment = useExperiment(experimentId);
  const sort = state.sort.length > 0 ? state.sort : NEWEST;
  const mainTag = experiment.data?.tags?.find((tag) => tag.key === MAIN_METRIC_TAG)?.value;
  const view = useTableView(experimentId, state, sort, mainTag);
  const { table } = view;
  useCrumbs([{ label: "Experiments", href: "/" }, { label: experiment.data?.name ?? `Experiment ${experimentId}` }]);
  const change = useCallback((next: Partial<TableState>) => {
    const present = parseTable(location.search).state;
    setParameters(tableParameters({ ...present, ...next }));
  }, []);
  const onQuery = useCallback((query: string) => change({ query }), [change]);
  const all = useAll(experimentId, state.query, table);
  const vocabulary = useVocabulary(table.frame, all?.frame);
  const refused = isRefused(table.error, state.query);
  const blank = table.frame.runIds.length === 0;
  const unknown = useMemo(
    () => (blank && !refused && all ? unknownNames(state.query, vocabulary) : []),
    [blank, refused, all, state.query, vocabulary],
  );
  const name = experiment.data?.name ?? "";
  return (
    <>
      <h1 className="visually-hidden">Runs of {name || experimentId}</h1>
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
        <GroupMenu frame={table.frame} state={state} onChange={change} />
        <ViewMenu
          frame={table.frame}
          state={state}
          onChange={change}
          nestable={view.nestable}
          onExport={() => void exportRuns(view, new Set(), name)}
        />
        <ColumnMenu
          frame={table.frame}
          shown={view.columns}
          chosen={state.columns !== undefined}
          onColumns={(next) => change({ columns: next })}
        />
      </div>
      {table.loading && <SkeletonRows rows={16} />}
      {table.error && !refused && (
        <Failure small={!blank} title="The runs could not be read" error={table.error} retry={table.retry} />
      )}
      {view.groupFailure && <Failure small title="The runs could not be grouped" {...view.groupFailure} />}
      {!table.loading && blank && (refused || !table.error) && (
        <NoRuns
          state={state}
          refused={refused}
          experimentName={name}
          deleted={experiment.data?.lifecycle_stage === "deleted"}
          unknown={unknown}
          onQuery={onQuery}
        />
      )}
      {!blank && <RunsView experimentId={experimentId} view={view} sort={sort} state={state} onChange={change} />}
      {!table.loading && !(blank && refused) && <StatusLine view={view} state={state} sort={sort} all={all?.total} />}
    </>
  );
}

/** Whether the server could not read the filter. */
function isRefused(error: Error | null, query: string): boolean {
  return error !== null && "status" in error && error.status === 400 && query !== "";
}

/** What the address says; parts that mean the same as before stay the same objects, so that less is drawn anew. */
function useTableState(text: string) {
  const last = useRef<TableState>(undefined);
  return useMemo(() => {
    const { state, ignored } = parseTable(text);
    const before = last.current;
    const kept = before
      ? (Object.fromEntries(
          Object.entries(state).map(([name, value]) => {
            const old = before[name as keyof TableState];
            return [name, JSON.stringify(old) === JSON.stringify(value) ? old : value];
          }),
        ) as unknown as TableState)
      : state;
    last.current = kept;
    return { state: kept, ignored };
  }, [text]);
}

/** How many runs there are, and some of them, while a filter hides most: for what it may be completed with. */
function useAll(
  experimentId: string,
  query: string,
  { error, loading, stale }: RunTable,
): { total: number; frame: Frame } | undefined {
  // After the rows that match, not beside them.
  const isAnswered = error !== null || !(loading || stale);
  return useQuery({
    queryKey: ["count", experimentId],
    enabled: query !== "" && isAnswered,
    queryFn: async ({ signal }) => {
      const page = await call("viewRuns", { experiment_ids: [experimentId], max_results: SAMPLE }, signal);
      return { total: page.total, frame: append(EMPTY_FRAME, page) };
    },
  }).data;
}

const KINDS = ["metrics", "params", "tags", "attributes"] as const;

function useVocabulary(frame: Frame, sample: Frame | undefined): Vocabulary {
  return useMemo(() => {
    const frames = sample ? [frame, sample] : [frame];
    const names = [...new Set(KINDS.flatMap((kind) => frames.flatMap((one) => columnsOf(one, kind))))];
    const columns = new Map(names.filter((name) => name !== DURATION).map((name) => [searchName(name), name]));
    const values = (name: string) => {
      const column = columns.get(name) ?? `attributes.${name}`;
      const cells = frames.flatMap((one) => one.columns.get(column) ?? []);
      return [...new Set(cells.filter((cell) => cell !== null).map(String))].slice(0, MOST_VALUES);
    };
    return { names: [...columns.keys()], values };
  }, [frame, sample]);
}
