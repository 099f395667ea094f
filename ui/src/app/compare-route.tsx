import { later } from "../components/later";
import { SkeletonRows } from "../components/states";
import { ComparePage } from "../features/compare/page";

const ROWS = <SkeletonRows rows={30} />;
const MediaBoard = later(() => import("../features/media/board"));
const AnalysisBoard = later(() => import("../features/analysis/board"), ROWS);
const CurveBoard = later(() => import("../features/curves/board"), ROWS);

/** The compare page with its charts, its analysis, and the images of the runs that logged some. */
export default function CompareRoute() {
  return (
    <ComparePage
      charts={(runs, frame) => <CurveBoard runs={runs} frame={frame} />}
      media={(runs) => <MediaBoard runs={runs} heading="Images" />}
      analysis={(frame, main) => <AnalysisBoard frame={frame} main={main} />}
    />
  );
}
