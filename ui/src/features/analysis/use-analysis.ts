import { useCallback, useMemo } from "react";
import { setParameters, useQueryText } from "../../components/parameters";
import { type AnalysisState, analysisParameters, parseAnalysis } from "../../lib/analysis-state";
import { columnsOf } from "../../lib/columns";
import type { Frame } from "../../lib/frame";
import type { MainMetric } from "../../lib/metrics";
import { type AxisChoice, type PlotAxis, plotAxis } from "../../lib/plot-axes";
import { type Ranges, rowsWithin, type Wanted, withRange } from "../../lib/ranges";

/** Runs to draw, what the address says of the drawing, and ways to change it. */
export interface Analysis {
  frame: Frame;
  state: AnalysisState;
  ignored: string[];
  change: (next: Partial<AnalysisState>) => void;
  /** Columns that can stand on an axis: metrics, then params that vary, then those that do not. */
  columns: string[];
  outcome: PlotAxis | undefined;
  /** Rows brought forward. */
  kept: Uint32Array;
  rowsFor: (ranges: Ranges, sample?: boolean) => Uint32Array;
  setRange: (column: string, wanted: Wanted | undefined) => void;
}

const SAMPLE = 1500;

/** The state of the charts of a frame. */
export function useAnalysis(frame: Frame, main: MainMetric | undefined): Analysis {
  const text = useQueryText();
  const { state, ignored } = useMemo(() => parseAnalysis(text), [text]);
  const change = useCallback((next: Partial<AnalysisState>) => {
    setParameters(analysisParameters({ ...parseAnalysis(location.search).state, ...next }));
  }, []);
  const columns = useMemo(() => [...columnsOf(frame, "metrics"), ...columnsOf(frame, "params")], [frame]);
  const chosen = state.outcome ?? usualOutcome(frame, main);
  const outcome = useMemo(
    () => (chosen ? plotAxis(frame, { column: chosen, scale: undefined, flipped: false }) : undefined),
    [frame, chosen],
  );
  const sampled = useMemo(() => sampleOf(frame), [frame]);
  const rowsFor = useCallback(
    (ranges: Ranges, sample = false) => rowsWithin(frame, ranges, sample ? sampled : undefined),
    [frame, sampled],
  );
  const kept = useMemo(() => rowsFor(state.keep), [rowsFor, state.keep]);
  const setRange = useCallback(
    (column: string, wanted: Wanted | undefined) => {
      change({ keep: withRange(parseAnalysis(location.search).state.keep, column, wanted) });
    },
    [change],
  );
  return { frame, state, ignored, change, columns, outcome, kept, rowsFor, setRange };
}

function usualOutcome(frame: Frame, main: MainMetric | undefined): string | undefined {
  const kept = main && `metrics.${main.key}`;
  return kept && frame.columns.has(kept) ? kept : columnsOf(frame, "metrics")[0];
}

/** Rows spread over the frame, few enough to be drawn while a finger moves. */
function sampleOf(frame: Frame): Uint32Array {
  const count = Math.min(SAMPLE, frame.runIds.length);
  return Uint32Array.from({ length: count }, (_, at) => Math.floor((at * frame.runIds.length) / count));
}

/** Axes of a frame, worked out again only where their choice changes. */
export function useAxes(frame: Frame, choices: readonly AxisChoice[]): PlotAxis[] {
  return useMemo(() => choices.map((choice) => plotAxis(frame, choice)), [frame, choices]);
}

export function plainAxis(column: string): AxisChoice {
  return { column, scale: undefined, flipped: false };
}
