import { bandOf } from "../../lib/bands";
import { panelOf } from "../../lib/board-layout";
import { append, EMPTY_FRAME } from "../../lib/frame";
import { svgOf } from "./downloads";
import { drawnGroups, drawnRuns } from "./runs";
import { type FrozenChart, PLAIN, type RunsChartProps } from "./runs-chart";
import { groupLine, runLines, viewOf } from "./use-chart";
import { linesOf, sourceOf } from "./use-source";

type Wanted = Omit<RunsChartProps, "runs" | "frozen"> & { frozen: FrozenChart };

/** A chart of kept data as a drawing, as `RunsChart` shows it; for files that stand by themselves. */
export async function frozenSvg({ metric, frozen, group = [], ...looks }: Wanted): Promise<string> {
  const frame = append(EMPTY_FRAME, frozen.runs);
  const runs = drawnRuns(frame);
  const panel = panelOf(metric);
  const drawing = { ...PLAIN, ...looks };
  const groups = drawnGroups(runs, frame, group);
  const axis = groups ? "step" : drawing.axis;
  const known = [...new Set(frozen.curves.map((curve) => curve.key))];
  const own = linesOf(frozen.curves, sourceOf(panel, axis, known), axis, runs);
  const lines = groups
    ? groups
        .map((one) => ({ one, band: bandOf(own.filter((line) => one.runIds.includes(line.runId))) }))
        .filter(({ band }) => band.runs > 0)
        .map(({ one, band }) => groupLine(one, band, drawing))
    : runLines(own, runs, drawing.smoothing);
  return svgOf(panel, { lines, view: viewOf(lines, panel.id, drawing), axis }, drawing);
}
