import { lazy, Suspense } from "react";
import { SkeletonRows } from "../components/states";
import { ComparePage } from "../features/compare/page";

const MediaBoard = lazy(() => import("../features/media/board"));
const AnalysisBoard = lazy(() => import("../features/analysis/board"));
const CurveBoard = lazy(() => import("../features/curves/board"));
const SUMMARY_BUCKETS = 2;

/** The compare page with its charts, its analysis, and the images of the runs that logged some. */
export default function CompareRoute() {
  return (
    <ComparePage
      charts={(runs) => (
        <Suspense fallback={<SkeletonRows rows={8} />}>
          <CurveBoard runs={runs} summaryBuckets={SUMMARY_BUCKETS} />
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
