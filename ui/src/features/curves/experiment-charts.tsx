import { useCallback, useMemo } from "react";
import { MOST_RUNS, type RunQuery, useFoundRuns } from "../../api/metrics";
import { useExperiment } from "../../api/queries";
import { useCrumbs } from "../../components/crumbs";
import { ExperimentParts } from "../../components/experiment-parts";
import { FilterBox } from "../../components/filter-box";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, IgnoredNotice, SkeletonRows } from "../../components/states";
import { columnsOf, searchName } from "../../lib/columns";
import type { Vocabulary } from "../../lib/filter-text";
import { formatCount, plural } from "../../lib/format";
import { append, EMPTY_FRAME, type Frame } from "../../lib/frame";
import { parseTable, splitList, type TableState } from "../../lib/url-state";
import CurveBoard from "./board";
import { drawnRuns } from "./runs";

const STAGES = { active: "ACTIVE_ONLY", deleted: "DELETED_ONLY", all: "ALL" } as const;

/** All runs of an experiment that match the filter, as charts. */
export default function ExperimentCharts({ experimentId }: { experimentId: string }) {
  const text = useQueryText();
  const { state, ignored } = useMemo(() => parseTable(text), [text]);
  const experiment = useExperiment(experimentId);
  const name = experiment.data?.name ?? `Experiment ${experimentId}`;
  useCrumbs([{ label: "Experiments", href: "/" }, { label: name }]);
  const { data, error, refetch } = useFoundRuns(useQueryOf(experimentId, state));
  const frame = useMemo(() => (data ? append(EMPTY_FRAME, data) : EMPTY_FRAME), [data]);
  const hidden = new URLSearchParams(text).get("hide") ?? "";
  const runs = useMemo(() => {
    const left = new Set(splitList(hidden));
    return drawnRuns(frame).filter((run) => !left.has(run.id));
  }, [frame, hidden]);
  const vocabulary = useMemo(() => vocabularyOf(frame), [frame]);
  const onQuery = useCallback((query: string) => setParameters({ q: query }), []);
  const refused = error !== null && "status" in error && error.status === 400 && state.query !== "";
  return (
    <div className="page scrolls">
      <h1 className="visually-hidden">Charts of {name}</h1>
      <IgnoredNotice ignored={ignored} />
      <div className="toolbar">
        <ExperimentParts experimentId={experimentId} />
        <FilterBox
          label="Filter runs"
          example="metrics.accuracy > 0.9 AND params.optimizer = 'adam'"
          query={state.query}
          problem={refused ? error.message : undefined}
          vocabulary={vocabulary}
          onQuery={onQuery}
        />
        {data && <RunCount drawn={runs.length} frame={frame} total={data.total} />}
      </div>
      <div className="page-inner">
        {error && !refused && (
          <Failure
            small={data !== undefined}
            title="The runs could not be read"
            error={error}
            retry={() => void refetch()}
          />
        )}
        {!data && !error && <SkeletonRows rows={12} />}
        {data && runs.length === 0 && <NoRuns state={state} />}
        {runs.length > 0 && <CurveBoard runs={runs} frame={frame} />}
      </div>
    </div>
  );
}

function useQueryOf(experimentId: string, { query, stage, sort }: TableState): RunQuery {
  const order = sort
    .filter((key) => !key.column.startsWith("attributes.duration"))
    .map((key) => `${searchName(key.column)} ${key.descending ? "DESC" : "ASC"}`);
  return { experimentIds: [experimentId], filter: query, order, stage: STAGES[stage], most: MOST_RUNS };
}

const MOST_VALUES = 200;

/** What a filter can name: the columns of the runs at hand, and their values. */
function vocabularyOf(frame: Frame): Vocabulary {
  const columns = (["metrics", "params", "tags", "attributes"] as const).flatMap((kind) => columnsOf(frame, kind));
  const known = new Map(columns.map((column) => [searchName(column), column]));
  return {
    names: [...known.keys()],
    values: (name) => {
      const cells = frame.columns.get(known.get(name) ?? name) ?? [];
      return [...new Set(cells.filter((cell) => cell !== null).map(String))].slice(0, MOST_VALUES);
    },
  };
}

function RunCount({ drawn, frame, total }: { drawn: number; frame: Frame; total: number }) {
  const hidden = frame.runIds.length - drawn;
  return (
    <span className="muted run-count">
      {total > drawn + hidden ? `the first ${formatCount(drawn)} of ${plural(total, "run")}` : plural(drawn, "run")}
      {hidden > 0 && `, ${formatCount(hidden)} hidden`}
    </span>
  );
}

function NoRuns({ state }: { state: TableState }) {
  if (state.query === "") {
    return (
      <Empty title="No runs to draw" icon="plus">
        <p className="muted">Charts appear here as soon as a run logs its first value.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No run matches the filter" icon="search">
      <p className="state-message mono">{state.query}</p>
      <button type="button" className="button" onClick={() => setParameters({ q: "" })}>
        Clear the filter
      </button>
    </Empty>
  );
}
