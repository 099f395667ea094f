import { type ReactNode, useCallback, useMemo } from "react";
import { runsOfTable, useFoundRuns } from "../../api/metrics";
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
import { parseTable, type TableState } from "../../lib/url-state";
import CurveBoard from "./board";
import { drawnRuns } from "./runs";

interface Props {
  experimentId: string;
  /** Whether the table stands beside, which has title, filter and failures already. */
  beside?: boolean;
}

/** The runs of an experiment that match the filter as charts: those selected, or all but the hidden ones. */
export default function ExperimentCharts({ experimentId, beside = false }: Props) {
  const text = useQueryText();
  const { state, ignored } = useMemo(() => parseTable(text), [text]);
  const { data, error, refetch } = useFoundRuns(runsOfTable(experimentId, state));
  const frame = useMemo(() => (data ? append(EMPTY_FRAME, data) : EMPTY_FRAME), [data]);
  const chosen = JSON.stringify([state.selected, state.hidden]);
  const runs = useMemo(() => {
    const [selected, hidden] = JSON.parse(chosen) as [string[], string[]];
    return drawnRuns(frame, selected).filter((run) => selected.length > 0 || !hidden.includes(run.id));
  }, [frame, chosen]);
  const refused = error !== null && "status" in error && error.status === 400 && state.query !== "";
  const count = data ? (
    <RunCount drawn={runs.length} held={frame.runIds.length} total={data.total} />
  ) : (
    !error && <span className="muted run-count">Reading runs</span>
  );
  return (
    <div className="page scrolls">
      {!beside && (
        <Head experimentId={experimentId} state={state} frame={frame} problem={refused ? error.message : undefined}>
          <IgnoredNotice ignored={ignored} />
          {count}
        </Head>
      )}
      <div className="page-inner">
        {error && !refused && !beside && (
          <Failure
            small={data !== undefined}
            title="The runs could not be read"
            error={error}
            retry={() => void refetch()}
          />
        )}
        {!data && !error && <SkeletonRows rows={12} />}
        {data && runs.length === 0 && <NoRuns state={state} beside={beside} />}
        {runs.length > 0 && <CurveBoard runs={runs} frame={frame} />}
        {beside && runs.length > 0 && count}
      </div>
    </div>
  );
}

interface HeadProps {
  experimentId: string;
  state: TableState;
  frame: Frame;
  problem: string | undefined;
  children: ReactNode;
}

function Head({ experimentId, state, frame, problem, children }: HeadProps) {
  const experiment = useExperiment(experimentId);
  const name = experiment.data?.name ?? `Experiment ${experimentId}`;
  useCrumbs([{ label: "Experiments", href: "/" }, { label: name }]);
  const vocabulary = useMemo(() => vocabularyOf(frame), [frame]);
  const onQuery = useCallback((query: string) => setParameters({ q: query }), []);
  return (
    <>
      <h1 className="visually-hidden">Charts of {name}</h1>
      <div className="toolbar">
        <ExperimentParts experimentId={experimentId} />
        <FilterBox
          label="Filter runs"
          example="metrics.accuracy > 0.9 AND params.optimizer = 'adam'"
          query={state.query}
          problem={problem}
          vocabulary={vocabulary}
          onQuery={onQuery}
        />
        {children}
      </div>
    </>
  );
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

function RunCount({ drawn, held, total }: { drawn: number; held: number; total: number }) {
  if (drawn === total) return <span className="muted run-count">{plural(drawn, "run")}</span>;
  const first = held < total && drawn === held ? "the first " : "";
  return (
    <span className="muted run-count">
      {first}
      {formatCount(drawn)} of {plural(total, "run")} drawn
    </span>
  );
}

function NoRuns({ state, beside }: { state: TableState; beside: boolean }) {
  if (state.hidden.length > 0) {
    return (
      <Empty title="All runs are hidden" icon="search">
        <button type="button" className="button" onClick={() => setParameters({ hide: "" })}>
          Show them
        </button>
      </Empty>
    );
  }
  if (state.query === "") {
    return (
      <Empty title="No runs to draw" icon="plus">
        <p className="muted">Charts appear here as soon as a run logs its first value.</p>
        {!beside && (
          <button type="button" className="button" onClick={() => setParameters({ view: "" })}>
            How to log a run
          </button>
        )}
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
