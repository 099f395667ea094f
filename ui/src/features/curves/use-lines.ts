import { useMemo } from "react";
import { useCurves } from "../../api/queries";
import type { ChartLine } from "../../charts/line-chart";
import { dashOf, PALETTE } from "../../lib/colors";
import { countNotPositive, type Extent, extentX, type RawCurve, stepsWithin, toLine } from "../../lib/curves";
import { smooth } from "../../lib/smooth";
import { useTheme } from "../../lib/theme";
import type { ChartState } from "../../lib/url-state";
import type { DrawnRun } from "./runs";

export interface Drawn {
  lines: ChartLine[];
  /** What the x axis shows; undefined where there is no point at all. */
  within: Extent | undefined;
  /** Points drawn, and points stored in the range shown. */
  drawn: number;
  stored: number;
  /** Values left out: NaN and infinities, and on a log axis those not above zero. */
  gaps: number;
  notPositive: number;
  pending: boolean;
  error: Error | null;
  retry: () => void;
}

interface Request {
  runs: DrawnRun[];
  metric: string;
  state: ChartState;
  buckets: number;
  enabled: boolean;
}

const NONE: RawCurve[] = [];

/** One metric of some runs as lines; a zoomed range is read again, so that it shows what is stored there. */
export function useLines({ runs, metric, state, buckets, enabled }: Request): Drawn {
  const runIds = useMemo(() => runs.map((run) => run.id), [runs]);
  const keys = useMemo(() => [metric], [metric]);
  const { axis, zoom, smoothing, log } = state;
  const whole = useCurves({ runIds, keys, buckets, enabled });
  const curves = whole.data ?? NONE;
  const origins = useMemo(() => new Map(runs.map((run) => [run.id, run.start])), [runs]);
  const steps = useMemo(() => zoom && stepsWithin(curves, axis, zoom, origins), [curves, axis, zoom, origins]);
  const part = useCurves({ runIds, keys, buckets, steps, enabled: enabled && steps !== undefined });
  const shown = zoom && steps ? (part.data ?? curves) : curves;
  const theme = useTheme();
  const lines = useMemo(() => {
    const known = new Map(runs.map((run) => [run.id, run]));
    return shown.flatMap((curve): ChartLine[] => {
      const run = known.get(curve.run_id);
      if (!run) return [];
      const line = toLine(curve, axis, run.start);
      const smoothed = smoothing > 0 ? smooth(line.ys, smoothing) : undefined;
      return [{ line, smoothed, color: PALETTE[theme][run.hue.index]!, dash: dashOf(run.hue) }];
    });
  }, [shown, runs, axis, smoothing, theme]);
  const plain = lines.map(({ line }) => line);
  const extent = extentX(plain);
  return {
    lines,
    within: useStable(zoom ? { low: zoom[0], high: zoom[1] } : extent && widened(extent)),
    drawn: plain.reduce((sum, line) => sum + line.xs.length, 0),
    stored: plain.reduce((sum, line) => sum + line.count, 0),
    gaps: plain.reduce((sum, line) => sum + line.gaps, 0),
    notPositive: log ? countNotPositive(plain) : 0,
    pending: enabled && whole.data === undefined && !whole.error,
    error: whole.error,
    retry: () => void whole.refetch(),
  };
}

function widened({ low, high }: Extent): Extent {
  return low === high ? { low: low - 1, high: high + 1 } : { low, high };
}

function useStable(extent: Extent | undefined): Extent | undefined {
  const low = extent?.low;
  const high = extent?.high;
  return useMemo(() => (low === undefined || high === undefined ? undefined : { low, high }), [low, high]);
}
