import { readEveryPoint } from "../../api/metrics";
import { placeLabel } from "../../charts/axes";
import { csvFile, download } from "../../components/download";
import { attempt, tell } from "../../components/toast";
import { formulaCurve } from "../../lib/aligned";
import type { Panel } from "../../lib/board-layout";
import type { Cell } from "../../lib/cells";
import { writeCsv } from "../../lib/csv";
import { type Axis, axisMetric, type RawCurve } from "../../lib/curves";
import { formatDateTime } from "../../lib/format";
import { metricsOf, parseFormula } from "../../lib/formula";
import type { Shared } from "./card";
import type { DrawnRun } from "./runs";
import type { Chart, Drawing } from "./use-chart";

const X_NAMES: Record<string, string> = { step: "Step", relative: "Time since the run's start", wall: "Time" };
const HEADER = ["run_id", "run_name", "metric", "step", "time", "value"];

interface Props {
  panel: Panel;
  chart: Chart;
  drawing: Drawing;
  shared: Shared;
  close: () => void;
}

/** A chart as a picture, as a vector drawing, or its stored points. */
export function DownloadItems({ panel, chart, drawing, shared, close }: Props) {
  const isDrawn = chart.view !== undefined;
  const acts: Array<[string, () => Promise<void>]> = [
    ["PNG", async () => download(await pictureOf(panel, chart, drawing), `${panel.title}.png`)],
    [
      "SVG",
      async () =>
        download(new Blob([await svgOf(panel, chart, drawing)], { type: "image/svg+xml" }), `${panel.title}.svg`),
    ],
    ["CSV", () => downloadPoints(panel, shared)],
  ];
  return (
    <div className="menu-downloads">
      <span>Download</span>
      {acts.map(([kind, act]) => (
        <button
          key={kind}
          type="button"
          className="button"
          aria-label={`Download ${kind}`}
          disabled={!isDrawn}
          onClick={() => {
            close();
            void attempt(`The ${kind} of ${panel.title} was not saved`, act);
          }}
        >
          {kind}
        </button>
      ))}
    </div>
  );
}

function labelOf(axis: Axis): (value: number) => string {
  return axis === "wall" ? (value) => formatDateTime(value * 1000).slice(5, 16) : (value) => placeLabel(axis, value);
}

/** A chart as a drawing that needs nothing else. */
export async function svgOf(
  panel: Panel,
  { lines, view, axis }: Pick<Chart, "lines" | "view" | "axis">,
  { log, logX }: Drawing,
): Promise<string> {
  if (!view) throw new Error("There is nothing to draw.");
  const { chartSvg } = await import("../../lib/chart-svg");
  const xName = axisMetric(axis) ?? X_NAMES[axis] ?? axis;
  return chartSvg({ title: panel.formula ?? panel.id, lines, ...view, log, logX, xName, xLabel: labelOf(axis) });
}

async function pictureOf(panel: Panel, chart: Chart, drawing: Drawing): Promise<Blob> {
  const { toPng } = await import("../../charts/picture");
  return toPng(await svgOf(panel, chart, drawing));
}

async function downloadPoints(panel: Panel, { runs, known, frozen }: Shared): Promise<void> {
  const formula = panel.formula === undefined ? undefined : parseFormula(panel.formula, known);
  const ids = runs.map((run) => run.id);
  if (!frozen) tell(`Reading every point of ${panel.title}…`);
  const curves = frozen ?? (await readEveryPoint(ids, formula ? metricsOf(formula) : [panel.id]));
  const own = (id: string) => curves.filter((curve) => curve.run_id === id);
  const drawn = formula
    ? ids.flatMap((id) => formulaCurve(panel.formula ?? "", formula, own(id)) ?? [])
    : curves.filter((curve) => curve.key === panel.id);
  const text = writeCsv(HEADER, pointsOf(drawn, runs));
  download(csvFile(text), `${panel.title}.csv`);
}

function* pointsOf(curves: readonly RawCurve[], runs: readonly DrawnRun[]): Generator<Cell[]> {
  const names = new Map(runs.map((run) => [run.id, run.name]));
  for (const curve of curves) {
    const name = names.get(curve.run_id) ?? "";
    for (const [index, step] of curve.steps.entries()) {
      const time = new Date(curve.timestamps[index] ?? 0).toISOString();
      yield [curve.run_id, name, curve.key, step, time, curve.values[index] ?? null];
    }
  }
}
