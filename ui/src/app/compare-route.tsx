import { lazy, Suspense } from "react";
import { SkeletonRows } from "../components/states";
import { ComparePage } from "../features/compare/page";

const MediaBoard = lazy(() => import("../features/media/board"));
const AnalysisBoard = lazy(() => import("../features/analysis/board"));
const CurveBoard = lazy(() => import("../features/curves/board"));

/** The compare page with its charts, its analysis, and the images of the runs that logged some. */
export default function CompareRoute() {
  return (
    <ComparePage
      charts={(runs, frame) => (
        <Suspense fallback={<SkeletonRows rows={8} />}>
          <CurveBoard runs={runs} frame={frame} />
        </Suspense>
      )}
      media={(runs) => (
        <Suspense>
          <MediaBoard runs={runs} heading="Images" />
        </Suspense>
      )}
      analysis={(frame, main) => (
        <Suspense fallback={<SkeletonRows rows={8} />}>
          <AnalysisBoard frame={frame} main={main} />
        </Suspense>
      )}
    />
  );
}
