import { useMemo, useState } from "react";
import type { Curve, Metric, Run } from "../../api/generated";
import { summaryCurves, useCurves } from "../../api/queries";
import { LongList } from "../../components/long-list";
import { Sparkline } from "../../components/sparkline";
import { Value } from "../../components/value";
import { toFinite } from "../../lib/cells";
import { formatCount, plural } from "../../lib/format";
import { isSystemMetric, rankMetrics } from "../../lib/metrics";
import { ListCard } from "./list-card";

const ROW = 28;

/** The metrics of a run with their course, last value, bounds and last step; those of the machine have a tab. */
export function MetricCard({ run }: { run: Run }) {
  const [search, setSearch] = useState("");
  const { data } = useCurves(summaryCurves(run.info.run_id));
  const curves = useMemo(() => new Map(data?.map((curve) => [curve.key, curve])), [data]);
  const metrics = useMemo(() => {
    const last = new Map(run.data.metrics?.map((metric) => [metric.key, metric]));
    const keys = [...last.keys()].filter((key) => !isSystemMetric(key));
    return rankMetrics(keys).map((key) => last.get(key)!);
  }, [run]);
  const found = metrics.filter((metric) => metric.key.toLowerCase().includes(search.toLowerCase()));
  return (
    <ListCard
      title="Metrics"
      count={metrics.length}
      empty="No metrics were logged."
      search={search}
      onSearch={setSearch}
    >
      <div className="metric-row metric-head" aria-hidden="true">
        <span>Name</span>
        <span>Trend</span>
        <span className="number">Last</span>
        <span className="number wide-only">Min</span>
        <span className="number wide-only">Max</span>
        <span className="number wide-only">Step</span>
      </div>
      <LongList items={found} rowHeight={ROW} label="Metrics" keyOf={(metric) => metric.key}>
        {(metric) => <MetricRow metric={metric} curve={curves.get(metric.key)} />}
      </LongList>
    </ListCard>
  );
}

function MetricRow({ metric, curve }: { metric: Metric; curve: Curve | undefined }) {
  const { key: name, value: last, step = 0 } = metric;
  const finite = curve?.values.map((value) => toFinite(value)).filter((value) => value !== undefined) ?? [];
  const bound = (value: number) => (finite.length > 0 ? <Value cell={value} /> : null);
  return (
    <div className="metric-row">
      <span className="truncate" title={name}>
        {name}
      </span>
      {curve && curve.count > 1 ? <Sparkline steps={curve.steps} values={curve.values} /> : <span />}
      <strong className="number">
        <span className="visually-hidden">last </span>
        <Value cell={last} />
      </strong>
      <span className="number muted wide-only">
        <span className="visually-hidden">min </span>
        {bound(Math.min(...finite))}
      </span>
      <span className="number muted wide-only">
        <span className="visually-hidden">max </span>
        {bound(Math.max(...finite))}
      </span>
      <span className="number muted wide-only" title={curve && plural(curve.count, "point")}>
        <span className="visually-hidden">step </span>
        {formatCount(step)}
      </span>
    </div>
  );
}
