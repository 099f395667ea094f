import { useId, useMemo, useState } from "react";
import { useCurves } from "../../api/queries";
import { Boundary } from "../../components/boundary";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, IgnoredNotice, SkeletonRows } from "../../components/states";
import { Swatch } from "../../components/swatch";
import { Value } from "../../components/value";
import { groupByPrefix, isSingleValue, type RawCurve } from "../../lib/curves";
import { plural } from "../../lib/format";
import { type ChartState, chartParameters, parseChart } from "../../lib/url-state";
import { CurveCard } from "./card";
import { ChartControls } from "./controls";
import type { DrawnRun } from "./runs";

interface Props {
  runs: DrawnRun[];
  /** How finely all metrics are read at first, to tell curves from single values. */
  summaryBuckets: number;
  /** Which metrics are shown; all by default. */
  matching?: (key: string) => boolean;
}

/** The charts of some runs: every metric a card, in groups by the prefix of its name. */
export default function CurveBoard({ runs, summaryBuckets, matching }: Props) {
  const text = useQueryText();
  const { state, ignored } = useMemo(() => parseChart(text), [text]);
  const [search, setSearch] = useState("");
  const syncKey = useId();
  const runIds = useMemo(() => runs.map((run) => run.id), [runs]);
  const { data: all, error, refetch } = useCurves({ runIds, keys: [], buckets: summaryBuckets });
  const data = useMemo(() => (matching ? all?.filter((curve) => matching(curve.key)) : all), [all, matching]);
  const groups = useMemo(() => arrange(data ?? [], search), [data, search]);
  const onState = (next: Partial<ChartState>) =>
    setParameters(chartParameters({ ...parseChart(location.search).state, ...next }));
  const onZoom = (zoom: [number, number] | undefined) => onState({ zoom });
  if (error && !data)
    return <Failure title="The metrics could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={8} />;
  if (data.length === 0) {
    return (
      <Empty title="No metrics yet" small>
        <p className="muted">Curves appear here as soon as the first value is logged.</p>
      </Empty>
    );
  }
  return (
    <div className="board">
      <IgnoredNotice ignored={ignored} />
      <ChartControls state={state} onState={onState} search={search} onSearch={setSearch} />
      {groups.length === 0 && <p className="muted">No metric has “{search}” in its name.</p>}
      {groups.map(({ prefix, curves, singles }) => (
        <details key={prefix} className="board-group" open>
          <summary>
            <h2>{prefix || "Metrics"}</h2>
            <span className="muted">{plural(curves.length + singles.length, "metric")}</span>
          </summary>
          {singles.length > 0 && <SingleValues singles={singles} runs={runs} />}
          <div className="board-cards">
            {curves.map((metric) => (
              <Boundary key={metric} what={`The chart of ${metric}`}>
                <CurveCard metric={metric} runs={runs} state={state} syncKey={syncKey} onZoom={onZoom} />
              </Boundary>
            ))}
          </div>
        </details>
      ))}
    </div>
  );
}

interface Single {
  metric: string;
  values: RawCurve[];
}

interface Group {
  prefix: string;
  curves: string[];
  singles: Single[];
}

/** Metrics by prefix; those with at most one point to draw in every run are numbers, not curves. */
function arrange(summary: RawCurve[], search: string): Group[] {
  const byKey = new Map<string, RawCurve[]>();
  for (const curve of summary) byKey.set(curve.key, [...(byKey.get(curve.key) ?? []), curve]);
  const needle = search.toLowerCase();
  const keys = [...byKey.keys()].filter((key) => key.toLowerCase().includes(needle));
  const isSingle = (key: string) => byKey.get(key)!.every(isSingleValue);
  return groupByPrefix(keys).map(({ prefix, keys: inside }) => ({
    prefix,
    curves: inside.filter((key) => !isSingle(key)),
    singles: inside.filter(isSingle).map((metric) => ({ metric, values: byKey.get(metric)! })),
  }));
}

const MOST_SINGLES = 6;

function SingleValues({ singles, runs }: { singles: Single[]; runs: DrawnRun[] }) {
  const known = new Map(runs.map((run) => [run.id, run]));
  return (
    <div className="single-values">
      {singles.map(({ metric, values }) => (
        <div key={metric} className="card single-value">
          <h3 className="truncate" title={metric}>
            {metric.slice(metric.lastIndexOf("/") + 1)}
          </h3>
          {values.slice(0, MOST_SINGLES).map((curve) => (
            <div key={curve.run_id} className="readout-row">
              {runs.length > 1 && <Swatch hue={known.get(curve.run_id)?.hue} />}
              {runs.length > 1 && <span className="truncate">{known.get(curve.run_id)?.name}</span>}
              <strong className={runs.length > 1 ? "number" : "single-number"}>
                <Value cell={curve.values.at(-1)} />
              </strong>
            </div>
          ))}
          {values.length > MOST_SINGLES && (
            <p className="muted">and {plural(values.length - MOST_SINGLES, "more run")}</p>
          )}
        </div>
      ))}
    </div>
  );
}
