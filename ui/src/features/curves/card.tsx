import { lazy, Suspense, useState } from "react";
import { Icon } from "../../components/icons";
import { Failure } from "../../components/states";
import { Swatch } from "../../components/swatch";
import { Value } from "../../components/value";
import { nearest } from "../../lib/curves";
import { formatCount, formatDateTime, formatDuration, plural } from "../../lib/format";
import type { Axis, ChartState } from "../../lib/url-state";
import type { DrawnRun } from "./runs";
import { type Drawn, useLines } from "./use-lines";
import { useNear } from "./use-near";

const load = () => import("../../charts/line-chart");
const LineChart = lazy(load);
// On its way while the curves are.
void load();

const HEIGHT = { normal: 190, large: 420 };
const BUCKETS = { normal: 600, large: 1500 };
/** Many runs share what one picture can show; zooming brings every point. */
const BUCKETS_OF_ALL = 12_000;
const FEWEST_BUCKETS = 200;
const MOST_READ_OUT = 6;

interface Props {
  metric: string;
  runs: DrawnRun[];
  state: ChartState;
  syncKey: string;
  onZoom: (range: [number, number] | undefined) => void;
}

/** A chart of one metric over some runs, read when it comes near the screen. */
export function CurveCard({ metric, runs, state, syncKey, onZoom }: Props) {
  const [large, setLarge] = useState(false);
  const [cursor, setCursor] = useState<number>();
  const [box, near] = useNear();
  const size = large ? "large" : "normal";
  const drawn = useLines({ runs, metric, state, buckets: bucketsFor(runs.length, size), enabled: near });
  const { lines, within, error, retry } = drawn;
  return (
    <figure ref={box} className={large ? "card chart-card large" : "card chart-card"}>
      <figcaption>
        <h3 className="truncate" title={metric}>
          {metric.slice(metric.lastIndexOf("/") + 1)}
        </h3>
        <Badges drawn={drawn} />
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={large ? `Make ${metric} small` : `Make ${metric} large`}
          aria-pressed={large}
          onClick={() => setLarge(!large)}
        >
          <Icon name={large ? "close" : "expand"} />
        </button>
      </figcaption>
      <div className="chart-space" style={{ height: HEIGHT[size] }}>
        {error && <Failure small title="The curve could not be read" error={error} retry={retry} />}
        {!error && within && (
          <Suspense fallback={<div className="skeleton chart-skeleton" />}>
            <LineChart
              lines={lines}
              within={within}
              axis={state.axis}
              log={state.log}
              height={HEIGHT[size]}
              syncKey={syncKey}
              label={`${metric} of ${plural(lines.length, "run")}, by ${state.axis}`}
              onZoom={onZoom}
              onCursor={setCursor}
            />
          </Suspense>
        )}
        {drawn.pending && <div className="skeleton chart-skeleton" />}
      </div>
      <Readout drawn={drawn} runs={runs} cursor={cursor} axis={state.axis} most={large ? 40 : MOST_READ_OUT} />
    </figure>
  );
}

function bucketsFor(runs: number, size: keyof typeof BUCKETS): number {
  return Math.min(BUCKETS[size], Math.max(FEWEST_BUCKETS, Math.floor(BUCKETS_OF_ALL / runs)));
}

function Badges({ drawn }: { drawn: Drawn }) {
  const thinned = drawn.stored > drawn.drawn;
  return (
    <span className="chart-badges">
      {thinned && (
        <span
          className="chip"
          title="The least and the greatest value of every stretch are drawn, so no spike is lost. Drag over the chart to see every point."
        >
          {formatCount(drawn.drawn)} of {plural(drawn.stored, "point")}
        </span>
      )}
      {drawn.gaps > 0 && (
        <span className="chip warn" title="NaN and infinite values leave a gap in the line.">
          {formatCount(drawn.gaps)} not finite
        </span>
      )}
      {drawn.notPositive > 0 && (
        <span className="chip warn" title="A log axis has no place for these values.">
          {formatCount(drawn.notPositive)} ≤ 0
        </span>
      )}
    </span>
  );
}

interface ReadoutProps {
  drawn: Drawn;
  runs: DrawnRun[];
  cursor: number | undefined;
  axis: Axis;
  most: number;
}

/** The values at the cursor, or the last ones. */
function Readout({ drawn, runs, cursor, axis, most }: ReadoutProps) {
  const known = new Map(runs.map((run) => [run.id, run]));
  const rows = drawn.lines.slice(0, most).map(({ line, smoothed }) => {
    const at = cursor === undefined ? line.xs.length - 1 : nearest(line.xs, cursor);
    return {
      run: known.get(line.runId),
      value: line.ys[at],
      smoothed: smoothed?.[at],
      x: line.xs[at],
      step: line.steps[at],
    };
  });
  const left = drawn.lines.length - rows.length;
  return (
    <div className="readout">
      {rows.map(({ run, value, smoothed, x, step }) => (
        <div key={run?.id} className="readout-row">
          <Swatch hue={run?.hue} />
          <span className="truncate" title={run?.name}>
            {runs.length > 1 ? run?.name : cursor === undefined ? "last" : "here"}
          </span>
          <span className="muted readout-place">{placeText(axis, x, step)}</span>
          <strong className="number">
            <Value cell={value ?? null} />
          </strong>
          {smoothed !== undefined && (
            <span className="muted number" title="Smoothed">
              ~<Value cell={smoothed} />
            </span>
          )}
        </div>
      ))}
      {left > 0 && <p className="muted">and {plural(left, "more run")}</p>}
    </div>
  );
}

function placeText(axis: Axis, x: number | undefined, step: number | undefined): string {
  if (x === undefined || step === undefined) return "";
  if (axis === "relative") return formatDuration(Math.max(0, x) * 1000);
  return axis === "wall" ? formatDateTime(x * 1000) : `step ${formatCount(step)}`;
}
