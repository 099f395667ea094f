import LineChart from "../../charts/line-chart";
import { Empty, Failure } from "../../components/states";
import { axisMetric } from "../../lib/curves";
import { plural } from "../../lib/format";
import type { Watched } from "../../lib/watched";
import { FormulaProblem } from "./formula-problem";
import type { Chart, Drawing } from "./use-chart";

interface Props {
  chart: Chart;
  title: string;
  drawing: Drawing;
  height: number;
  syncKey: string;
  cursor: Watched<number | undefined>;
  onZoom: (range: [number, number] | undefined) => void;
}

/** The lines of a chart, or what stands in their place. */
export function Plot({ chart, title, drawing, height, syncKey, cursor, onZoom }: Props) {
  const { lines, view, axis, error, problem, pending, retry } = chart;
  const by = axisMetric(axis) ?? axis;
  return (
    <div className="chart-space" style={{ height }}>
      {error && <Failure small title="The curve could not be read" error={error} retry={retry} />}
      {problem && <FormulaProblem text={title} problem={problem} />}
      {!error && !problem && view && (
        <LineChart
          lines={lines}
          within={view.within}
          y={view.y}
          axis={axis}
          log={drawing.log}
          logX={drawing.logX}
          height={height}
          syncKey={syncKey}
          label={`${title} of ${plural(lines.length, "line")}, by ${by}`}
          onZoom={onZoom}
          onCursor={cursor.set}
        />
      )}
      {pending && <div className="skeleton chart-skeleton" />}
      {!pending && !error && !problem && !view && <NothingToDraw chart={chart} by={by} />}
    </div>
  );
}

function NothingToDraw({ chart, by }: { chart: Chart; by: string }) {
  const { notes } = chart;
  return (
    <Empty small title="Nothing to draw here" icon="search">
      <p className="muted">
        {notes.unmatched > 0
          ? `No point has a value of ${by} at its step. Choose another x axis.`
          : notes.notPositiveX > 0
            ? "A log axis has no place for x of 0 and below. Turn log x off."
            : "None of these runs has all that this chart needs."}
      </p>
    </Empty>
  );
}
