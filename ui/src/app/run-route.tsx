import { lazy, Suspense, useMemo } from "react";
import type { Run } from "../api/generated";
import { SkeletonRows } from "../components/states";
import { RunPage } from "../features/run/page";
import { chosenColor, ownHue } from "../lib/colors";
import { isSystemMetric } from "../lib/metrics";

const loadBoard = () => import("../features/curves/board");
const CurveBoard = lazy(loadBoard);
if (new URLSearchParams(location.search).get("tab") === "charts") void loadBoard();
const RunModels = lazy(() => import("../features/models/run-models"));
const RunRegister = lazy(() => import("../features/models/run-register"));
const MediaBoard = lazy(() => import("../features/media/board"));
const ArtifactBrowser = lazy(() => import("../features/artifacts/browser"));

/** The run page, put together from the features it shows. */
export default function RunRoute({ runId = "" }: { runId?: string }) {
  return (
    <RunPage
      runId={runId}
      charts={(run) => <RunCharts run={run} matching={isOwnMetric} />}
      system={(run) => <RunCharts run={run} matching={isSystemMetric} />}
      files={(run) => <RunFiles run={run} />}
      media={(run) => <RunMedia run={run} />}
      models={(run) => <ModelsOfRun run={run} />}
      register={(run) => <RegisterOfRun run={run} />}
    />
  );
}

const isOwnMetric = (key: string) => !isSystemMetric(key);

function RunCharts({ run: { info, data }, matching }: { run: Run; matching: (key: string) => boolean }) {
  const name = info.run_name || info.run_id;
  const chosen = chosenColor(data.tags);
  const drawn = useMemo(
    () => [{ id: info.run_id, name, hue: ownHue(info.run_id, chosen), start: info.start_time }],
    [info.run_id, name, chosen, info.start_time],
  );
  return (
    <Suspense fallback={<SkeletonRows rows={8} />}>
      <CurveBoard runs={drawn} matching={matching} />
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

function RegisterOfRun({ run }: { run: Run }) {
  return (
    <Suspense fallback={null}>
      <RunRegister run={run} />
    </Suspense>
  );
}
