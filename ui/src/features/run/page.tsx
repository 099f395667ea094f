import { type ReactNode, useMemo } from "react";
import type { Run } from "../../api/generated";
import { useCurves, useExperiment, useRun } from "../../api/queries";
import { Boundary } from "../../components/boundary";
import { useCrumbs } from "../../components/crumbs";
import { setParameters, useQueryText } from "../../components/parameters";
import { Failure, SkeletonRows } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { formatCount } from "../../lib/format";
import { RunHeader } from "./header";
import { RunOverview, SUMMARY_BUCKETS } from "./overview";

/** A client sets it with the first image that has a key. */
const IMAGES_TAG = "mlflow.loggedImages";

interface Props {
  runId: string;
  /** The charts, the files and the models of the run, which are features of their own. */
  charts: (run: Run) => ReactNode;
  models: (run: Run) => ReactNode;
  files: (run: Run) => ReactNode;
  /** Its images over steps, where it logged some. */
  media: (run: Run) => ReactNode;
}

/** One run: what it recorded, its curves, its files. */
export function RunPage({ runId, charts, files, media, models }: Props) {
  const { data: run, error, refetch } = useRun(runId);
  const runIds = useMemo(() => [runId], [runId]);
  // Read beside the run, not after it: overview and charts both begin with these.
  useCurves({ runIds, keys: [], buckets: SUMMARY_BUCKETS });
  const experiment = useExperiment(run?.info.experiment_id);
  const chosen = new URLSearchParams(useQueryText()).get("tab") ?? "overview";
  const name = run?.info.run_name || runId;
  const experimentId = run?.info.experiment_id;
  useCrumbs([
    { label: "Experiments", href: "/" },
    ...(experimentId ? [{ label: experiment.data?.name ?? experimentId, href: `/experiments/${experimentId}` }] : []),
    { label: name },
  ]);
  const metrics = useMemo(() => new Set(run?.data.metrics?.map((metric) => metric.key)).size, [run]);
  if (error && !run)
    return <Failure page title="The run could not be read" error={error} retry={() => void refetch()} />;
  if (!run) {
    return (
      <div className="page-inner">
        <SkeletonRows rows={14} />
      </div>
    );
  }
  const hasImages = run.data.tags?.some(({ key }) => key === IMAGES_TAG) ?? false;
  const guarded = (what: string, content: ReactNode) => <Boundary what={what}>{content}</Boundary>;
  return (
    <div className="page scrolls">
      <div className="page-inner run-page">
        <RunHeader run={run} />
        <Tabs
          label="Parts of the run"
          chosen={chosen}
          onChoose={(tab) => setParameters({ tab: tab === "overview" ? "" : tab })}
          tabs={[
            {
              name: "overview",
              label: "Overview",
              content: () => guarded("The overview", <RunOverview run={run} models={models(run)} />),
            },
            {
              name: "charts",
              label: "Charts",
              count: formatCount(metrics),
              content: () => guarded("The charts", charts(run)),
            },
            ...(hasImages || chosen === "media"
              ? [{ name: "media", label: "Media", content: () => guarded("The images", media(run)) }]
              : []),
            { name: "files", label: "Files", content: () => guarded("The files", files(run)) },
          ]}
        />
      </div>
    </div>
  );
}
