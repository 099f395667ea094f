import { useMemo } from "react";
import { MOST_MATCHING, useMatchingRuns } from "../../api/matching";
import { useExperiment } from "../../api/queries";
import { useCrumbs } from "../../components/crumbs";
import { ExperimentParts } from "../../components/experiment-parts";
import { FilterBox } from "../../components/filter-box";
import { useLastGood } from "../../components/last-good";
import { setParameters, usePathPart, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { columnsOf, searchName } from "../../lib/columns";
import type { Vocabulary } from "../../lib/filter-text";
import { formatCount, plural } from "../../lib/format";
import { EMPTY_FRAME, type Frame } from "../../lib/frame";
import { MAIN_METRIC_TAG, parseMainMetric } from "../../lib/metrics";
import { parseTable } from "../../lib/url-state";
import AnalysisBoard from "./board";

/** What params have to do with metrics, over all runs of an experiment that match. */
export default function AnalysisPage() {
  const experimentId = usePathPart(1);
  const text = useQueryText();
  const { query, stage } = useMemo(() => parseTable(text).state, [text]);
  const experiment = useExperiment(experimentId);
  const { data: answer, error, refetch } = useMatchingRuns({ experimentId, query, stage });
  const data = useLastGood(answer, `${experimentId} ${stage}`);
  const frame = data?.frame ?? EMPTY_FRAME;
  const vocabulary = useMemo(() => vocabularyOf(frame), [frame]);
  const name = experiment.data?.name ?? `Experiment ${experimentId}`;
  useCrumbs([
    { label: "Experiments", href: "/" },
    { label: name, href: `/experiments/${experimentId}` },
    { label: "Analyse" },
  ]);
  const refused = error !== null && "status" in error && error.status === 400 && query !== "";
  const mainTag = experiment.data?.tags?.find((tag) => tag.key === MAIN_METRIC_TAG)?.value;
  const main = useMemo(() => parseMainMetric(mainTag), [mainTag]);
  const table = useMemo(() => ({ experimentId, query }), [experimentId, query]);
  return (
    <div className="page scrolls">
      <h1 className="visually-hidden">Analysis of {name}</h1>
      <div className="toolbar">
        <ExperimentParts experimentId={experimentId} />
        <FilterBox
          label="Filter runs"
          example="metrics.accuracy > 0.9 AND params.optimizer = 'adam'"
          query={query}
          problem={refused ? error.message : undefined}
          vocabulary={vocabulary}
          onQuery={setQuery}
        />
      </div>
      <div className="page-inner analysis-page">
        {error && !refused && (
          <Failure
            small={data !== undefined}
            title="The runs could not be read"
            error={error}
            retry={() => void refetch()}
          />
        )}
        {!data && !error && <SkeletonRows rows={16} />}
        {data && <LeftOut frame={frame} total={data.total} omitted={data.omitted} />}
        {data && frame.runIds.length === 0 && <NoRuns query={query} experimentId={experimentId} />}
        {data && frame.runIds.length > 0 && <AnalysisBoard frame={frame} main={main} table={table} />}
      </div>
    </div>
  );
}

function setQuery(q: string): void {
  setParameters({ q });
}

function vocabularyOf(frame: Frame): Vocabulary {
  const columns = (["metrics", "params"] as const).flatMap((kind) => columnsOf(frame, kind));
  const known = new Map(columns.map((column) => [searchName(column), column]));
  const values = (name: string) => {
    const cells = frame.columns.get(known.get(name) ?? "") ?? [];
    return [...new Set(cells.filter((cell) => cell !== null).map(String))].slice(0, 200);
  };
  return { names: [...known.keys()], values };
}

function LeftOut({ frame, total, omitted }: { frame: Frame; total: number; omitted: number }) {
  const beyond = total - frame.runIds.length;
  return (
    <>
      {beyond > 0 && (
        <p className="notice-text" role="status">
          The newest {plural(MOST_MATCHING, "run")} are analysed; {plural(beyond, "more run")} match. A filter makes
          them fewer.
        </p>
      )}
      {omitted > 0 && (
        <p className="notice-text" role="status">
          {formatCount(omitted)} of the metrics and params are left out, as there are more than 300.
        </p>
      )}
    </>
  );
}

function NoRuns({ query, experimentId }: { query: string; experimentId: string }) {
  if (query === "") {
    return (
      <Empty title="No runs yet" icon="plus">
        <p className="muted" role="status">
          Charts of params and metrics appear here with the first runs.
        </p>
        <a className="button" href={`/experiments/${experimentId}`}>
          How to log a run
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="No run matches the filter" icon="search">
      <p className="state-message mono">{query}</p>
      <button type="button" className="button" onClick={() => setQuery("")}>
        Clear the filter
      </button>
    </Empty>
  );
}
