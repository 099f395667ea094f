import { useMemo } from "react";
import { Link } from "wouter";
import { useMatchingRuns } from "../../api/matching";
import { PARENT_TAG, useExperiment, useRun } from "../../api/queries";
import { useCrumbs } from "../../components/crumbs";
import { usePathPart } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { calledBy } from "../../lib/columns";
import { plural } from "../../lib/format";
import { MAIN_METRIC_TAG, parseMainMetric } from "../../lib/metrics";
import AnalysisBoard from "./board";

/** A run with others nested in it, as a search: how it went, what mattered, every trial. */
export default function SweepPage() {
  const runId = usePathPart(1);
  const { data: run, error, refetch } = useRun(runId);
  const name = calledBy(run?.info.run_name, runId);
  const experiment = useExperiment(run?.info.experiment_id);
  useCrumbs([
    { label: "Experiments", href: "/" },
    ...(run
      ? [{ label: experiment.data?.name ?? run.info.experiment_id, href: `/experiments/${run.info.experiment_id}` }]
      : []),
    { label: name, href: `/runs/${runId}` },
    { label: "Sweep" },
  ]);
  if (error && !run)
    return <Failure page title="The run could not be read" error={error} retry={() => void refetch()} />;
  const mainTag = experiment.data?.tags?.find((tag) => tag.key === MAIN_METRIC_TAG)?.value;
  return (
    <div className="page scrolls">
      <div className="page-inner analysis-page">
        {run ? (
          <Trials experimentId={run.info.experiment_id} runId={runId} name={name} mainTag={mainTag} />
        ) : (
          <SkeletonRows rows={16} />
        )}
      </div>
    </div>
  );
}

interface TrialsProps {
  experimentId: string;
  runId: string;
  name: string;
  mainTag: string | undefined;
}

function Trials({ experimentId, runId, name, mainTag }: TrialsProps) {
  const query = `tags.${PARENT_TAG} = '${runId}'`;
  const { data, error, refetch } = useMatchingRuns({ experimentId, query });
  const main = useMemo(() => parseMainMetric(mainTag), [mainTag]);
  const table = useMemo(() => ({ experimentId, query }), [experimentId, query]);
  if (error && !data)
    return <Failure title="The trials could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={16} />;
  if (data.total === 0) {
    return (
      <Empty page title="No run is nested in this one" icon="flask">
        <p className="muted">The trials of a search appear here once they are logged with this run as their parent.</p>
        <Link className="button" href={`/runs/${runId}`}>
          Back to the run
        </Link>
      </Empty>
    );
  }
  return (
    <>
      <h1>
        {plural(data.total, "trial")} of <bdi>{name}</bdi>
      </h1>
      <AnalysisBoard frame={data.frame} main={main} table={table} trials />
    </>
  );
}
