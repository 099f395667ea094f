import { lazy, Suspense, useMemo } from "react";
import type { Run } from "../api/generated";
import { SkeletonRows } from "../components/states";
import { SUMMARY_BUCKETS } from "../features/run/overview";
import { RunPage } from "../features/run/page";
import { ownHue } from "../lib/colors";

const loadBoard = () => import("../features/curves/board");
const CurveBoard = lazy(loadBoard);
if (new URLSearchParams(location.search).get("tab") === "charts") void loadBoard();
const RunModels = lazy(() => import("../features/models/run-models"));
const MediaBoard = lazy(() => import("../features/media/board"));
const ArtifactBrowser = lazy(() => import("../features/artifacts/browser"));

/** The run page, put together from the features it shows. */
export default function RunRoute({ runId = "" }: { runId?: string }) {
  return (
    <RunPage
      runId={runId}
      charts={(run) => <RunCharts run={run} />}
      files={(run) => <RunFiles run={run} />}
      media={(run) => <RunMedia run={run} />}
      models={(run) => <ModelsOfRun run={run} />}
    />
  );
}

function RunCharts({ run: { info } }: { run: Run }) {
  const name = info.run_name || info.run_id;
  const drawn = [{ id: info.run_id, name, hue: ownHue(info.run_id), start: info.start_time }];
  return (
    <Suspense fallback={<SkeletonRows rows={8} />}>
      <CurveBoard runs={drawn} summaryBuckets={SUMMARY_BUCKETS} />
    </Suspense>
  );
}

function RunMedia({ run: { info } }: { run: Run }) {
  const { run_id: id, run_name: name } = info;
  const runs = useMemo(() => [{ id, name: name || id, hue: ownHue(id) }], [id, name]);
  return (
    <Suspense fallback={<SkeletonRows rows={8} />}>
      <MediaBoard runs={runs} />
    </Suspense>
  );
}

function RunFiles({ run: { info } }: { run: Run }) {
  return (
    <Suspense fallback={<SkeletonRows rows={8} />}>
      <ArtifactBrowser owner={{ kind: "run", id: info.run_id }} />
    </Suspense>
  );
}

function ModelsOfRun({ run }: { run: Run }) {
  return (
    <Suspense fallback={null}>
      <RunModels run={run} />
    </Suspense>
  );
}
