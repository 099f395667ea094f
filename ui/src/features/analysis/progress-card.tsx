import { useMemo } from "react";
import { ProgressChart } from "../../charts/progress-chart";
import { keyOf, RUN_NAME } from "../../lib/columns";
import { formatNumber } from "../../lib/format";
import { cellAt } from "../../lib/frame";
import { guessDirection, type MainMetric } from "../../lib/metrics";
import { progressInWords, trialsOf } from "../../lib/progress";
import { PlotCard } from "./plot-card";
import type { Analysis } from "./use-analysis";

const HEIGHT = 240;

interface Props {
  analysis: Analysis;
  main: MainMetric | undefined;
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
}

/** How a search went: each trial in its order, and the best up to then. */
export function ProgressCard({ analysis: { frame, outcome }, main, hovered, onHover }: Props) {
  const metric = outcome ? keyOf(outcome.column) : "";
  const direction = main?.key === metric ? main.direction : guessDirection(metric);
  const trials = useMemo(() => trialsOf(frame, `metrics.${metric}`, direction), [frame, metric, direction]);
  if (!outcome) return null;
  const words = progressInWords(trials, metric, formatNumber);
  const table = () => ({
    header: ["trial", "run_id", "run_name", metric, "best_so_far"],
    rows: trials.map(({ row, number, value, best }) => [
      number,
      frame.runIds[row] ?? "",
      cellAt(frame, RUN_NAME, row),
      value ?? null,
      best ?? null,
    ]),
  });
  return (
    <PlotCard wide title="Best so far" table={table}>
      <p className="plot-note">{words}</p>
      <ProgressChart
        trials={trials}
        metric={metric}
        height={HEIGHT}
        label={`${metric} of ${trials.length} trials in their order, with the best so far. ${words}`}
        hovered={hovered}
        onHover={onHover}
      />
    </PlotCard>
  );
}
