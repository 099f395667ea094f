import "../../styles/run-page.css";
import { type ReactNode, useMemo } from "react";
import { ApiError } from "../../api/client";
import { useFolder } from "../../api/files";
import type { Run } from "../../api/generated";
import { useChildRuns, useExperiment, useRun, useRunPermission } from "../../api/queries";
import { useProvenance } from "../../api/run-files";
import { useNotForYou } from "../../api/session";
import { Access } from "../../components/access";
import { Boundary } from "../../components/boundary";
import { useCrumbs } from "../../components/crumbs";
import { later } from "../../components/later";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { type Tab, Tabs } from "../../components/tabs";
import { calledBy } from "../../lib/columns";
import { logFiles } from "../../lib/files";
import { formatCount } from "../../lib/format";
import { isSystemMetric } from "../../lib/metrics";
import { tagsOf } from "./facts";
import { RunHeader } from "./header";
import { RunNotices } from "./notices";

const ROWS = <SkeletonRows rows={12} />;
const RunOverview = later(() => import("./overview"), ROWS);
const ChildCard = later(() => import("./family"), ROWS);
const RunLogs = later(() => import("./logs"), ROWS);
const RunCode = later(() => import("./code"), ROWS);
const RunEnvironment = later(() => import("./environment"), ROWS);

/** A client sets it with the first image that has a key. */
const IMAGES_TAG = "mlflow.loggedImages";
const NONE: string[] = [];

/** Parts of the page that are features of their own. */
interface Parts {
  charts: (run: Run) => ReactNode;
  system: (run: Run) => ReactNode;
  models: (run: Run) => ReactNode;
  files: (run: Run) => ReactNode;
  /** Its images over steps, where it logged some. */
  media: (run: Run) => ReactNode;
  /** A way into the registry, for the header. */
  register: (run: Run) => ReactNode;
}

/** One run: what it recorded, its curves, what it printed, its code and environment, its files. */
export default function RunPage({ runId, ...parts }: { runId: string } & Parts) {
  const { data: run, error, refetch } = useRun(runId);
  const experimentId = run?.info.experiment_id;
  const experiment = useExperiment(experimentId);
  useCrumbs([
    { label: "Experiments", href: "/" },
    ...(experimentId ? [{ label: experiment.data?.name ?? experimentId, href: `/experiments/${experimentId}` }] : []),
    { label: calledBy(run?.info.run_name, runId) },
  ]);
  const permission = useRunPermission(runId);
  const hint = useNotForYou(error);
  const gone = error instanceof ApiError && error.status === 404;
  if (!run && gone) return <NoRun runId={runId} hint={hint} />;
  if (error && !run)
    return <Failure page title="The run could not be read" error={error} retry={() => void refetch()} />;
  if (!run) {
    return (
      <div className="page-inner">
        <SkeletonRows rows={14} />
      </div>
    );
  }
  return (
    <Access permission={permission}>
      <div className="page scrolls">
        <div className="page-inner run-page">
          <RunNotices run={run} gone={gone} />
          <RunHeader run={run} register={parts.register(run)} />
          <RunTabs run={run} parts={parts} />
        </div>
      </div>
    </Access>
  );
}

function NoRun({ runId, hint }: { runId: string; hint: string }) {
  return (
    <Empty page title="There is no such run" icon="search">
      <p className="state-message">
        No run has the id <span className="mono">{runId}</span>. It may have been deleted for good, or be on another
        server.
      </p>
      {hint && <p className="state-message">{hint}</p>}
      <a className="button" href="/">
        All experiments
      </a>
    </Empty>
  );
}

interface Content extends Tab {
  /** Whether there is anything in it; the chosen tab stands there all the same. */
  has: boolean;
}

function RunTabs({ run, parts }: { run: Run; parts: Parts }) {
  const chosen = new URLSearchParams(useQueryText()).get("tab") ?? "overview";
  const { data: top } = useFolder({ kind: "run", id: run.info.run_id }, "");
  const names = top?.names ?? NONE;
  const nested = useChildRuns(run.info).data?.total ?? 0;
  const provenance = useProvenance(run);
  const tags = useMemo(() => tagsOf(run), [run]);
  const keys = useMemo(() => [...new Set(run.data.metrics?.map((metric) => metric.key))], [run]);
  const system = keys.filter(isSystemMetric).length;
  const guarded = (what: string, content: ReactNode) => <Boundary what={what}>{content}</Boundary>;
  const all: Content[] = [
    {
      name: "overview",
      label: "Overview",
      has: true,
      content: () =>
        guarded("The overview", <RunOverview run={run} names={names} nested={nested} models={parts.models(run)} />),
    },
    {
      name: "charts",
      label: "Charts",
      count: formatCount(keys.length - system),
      has: keys.length > system,
      content: () => guarded("The charts", parts.charts(run)),
    },
    {
      name: "children",
      label: "Children",
      count: formatCount(nested),
      has: nested > 0,
      content: () => guarded("The child runs", <ChildCard info={run.info} />),
    },
    {
      name: "media",
      label: "Media",
      has: tags.has(IMAGES_TAG),
      content: () => guarded("The images", parts.media(run)),
    },
    {
      name: "logs",
      label: "Logs",
      has: logFiles(names).length > 0,
      content: () => guarded("The log", top ? <RunLogs run={run} names={names} /> : ROWS),
    },
    {
      name: "system",
      label: "System",
      count: formatCount(system),
      has: system > 0,
      content: () => guarded("The system metrics", parts.system(run)),
    },
    {
      name: "code",
      label: "Code",
      has: tags.has("mlflow.source.git.commit") || provenance.script !== undefined || provenance.hasPatch,
      content: () => guarded("The code", <RunCode run={run} provenance={provenance} />),
    },
    {
      name: "environment",
      label: "Environment",
      has: provenance.kept || tags.has("assay.python"),
      content: () => guarded("The environment", <RunEnvironment run={run} provenance={provenance} />),
    },
    {
      name: "files",
      label: "Files",
      has: top !== undefined && top.total > 0,
      content: () => guarded("The files", parts.files(run)),
    },
  ];
  const tabs = all.filter((tab) => tab.has || tab.name === chosen);
  const choose = (tab: string) => setParameters({ tab: tab === "overview" ? "" : tab, line: "" }, { push: true });
  return <Tabs label="Parts of the run" chosen={chosen} onChoose={choose} tabs={tabs} />;
}
