import { type ReactNode, useMemo, useState } from "react";
import type { Curve, Run } from "../../api/generated";
import { useCurves } from "../../api/queries";
import { CopyButton } from "../../components/copy";
import { Dialog } from "../../components/dialog";
import { LongList } from "../../components/long-list";
import { Sparkline } from "../../components/sparkline";
import { Value } from "../../components/value";
import { compareText, toFinite } from "../../lib/cells";
import { formatCount } from "../../lib/format";
import { rankMetrics } from "../../lib/metrics";
import { ChildCard } from "./family";
import { TagCard } from "./tag-card";

const ROW = 28;
const NOTE_TAG = "mlflow.note.content";
const MOST_UNSEARCHED = 12;

/** How finely curves are read for the overview; the board of charts reads the same, so that it is read once. */
export const SUMMARY_BUCKETS = 40;

/** What a run recorded, on one page. */
export function RunOverview({ run, models }: { run: Run; models: ReactNode }) {
  const note = run.data.tags?.find((tag) => tag.key === NOTE_TAG)?.value;
  return (
    <div className="overview">
      {note && (
        <section className="card overview-note" aria-label="Note">
          {note}
        </section>
      )}
      <div className="overview-columns">
        <div className="overview-column">
          <MetricCard run={run} />
          {models}
          <ChildCard info={run.info} />
        </div>
        <div className="overview-column">
          <ParamCard run={run} />
          <TagCard run={run} />
        </div>
      </div>
    </div>
  );
}

interface CardProps {
  title: string;
  count: number;
  empty: string;
  search: string;
  onSearch: (search: string) => void;
  children: ReactNode;
}

function ListCard({ title, count, empty, search, onSearch, children }: CardProps) {
  return (
    <section className="card list-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="muted">{formatCount(count)}</span>
        {count > MOST_UNSEARCHED && (
          <input
            className="field"
            type="search"
            aria-label={`Search ${title.toLowerCase()}`}
            placeholder="Search"
            value={search}
            onChange={(event) => onSearch(event.target.value)}
          />
        )}
      </header>
      {count === 0 ? <p className="muted list-empty">{empty}</p> : children}
    </section>
  );
}

function MetricCard({ run }: { run: Run }) {
  const [search, setSearch] = useState("");
  const runIds = useMemo(() => [run.info.run_id], [run.info.run_id]);
  const { data } = useCurves({ runIds, keys: [], buckets: SUMMARY_BUCKETS });
  const curves = useMemo(() => new Map(data?.map((curve) => [curve.key, curve])), [data]);
  const metrics = useMemo(() => {
    const last = new Map(run.data.metrics?.map((metric) => [metric.key, metric]));
    return rankMetrics([...last.keys()]).map((key) => last.get(key)!);
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
        <span className="number wide-only">Points</span>
      </div>
      <LongList items={found} rowHeight={ROW} label="Metrics" keyOf={(metric) => metric.key}>
        {(metric) => <MetricRow name={metric.key} last={metric.value} curve={curves.get(metric.key)} />}
      </LongList>
    </ListCard>
  );
}

function MetricRow({ name, last, curve }: { name: string; last: number | string; curve: Curve | undefined }) {
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
      <span className="number muted wide-only">
        <span className="visually-hidden">points </span>
        {curve ? formatCount(curve.count) : ""}
      </span>
    </div>
  );
}

function ParamCard({ run }: { run: Run }) {
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<{ key: string; value?: string }>();
  const needle = search.toLowerCase();
  const params = useMemo(
    () => [...(run.data.params ?? [])].sort((left, right) => compareText(left.key, right.key)),
    [run],
  );
  const found = params.filter(({ key, value = "" }) => `${key}\n${value}`.toLowerCase().includes(needle));
  return (
    <ListCard title="Params" count={params.length} empty="No params were logged." search={search} onSearch={setSearch}>
      <LongList items={found} rowHeight={ROW} label="Params" keyOf={(param) => param.key}>
        {(param) => (
          <div className="pair-row">
            <span className="truncate muted" title={param.key}>
              {param.key}
            </span>
            <PairValue value={param.value ?? ""} onOpen={() => setOpened(param)} />
          </div>
        )}
      </LongList>
      {opened && (
        <Dialog title={opened.key} onClose={() => setOpened(undefined)}>
          <pre className="full-text">{opened.value}</pre>
          <footer>
            <CopyButton text={opened.value ?? ""} label="Copy the value" />
          </footer>
        </Dialog>
      )}
    </ListCard>
  );
}

const LONG = 48;

function PairValue({ value, onOpen }: { value: string; onOpen: () => void }) {
  if (value === "") return <span className="value-missing">empty</span>;
  if (value.length <= LONG && !value.includes("\n")) {
    return (
      <span className="truncate" title={value}>
        {value}
      </span>
    );
  }
  return (
    <button type="button" className="long-value truncate" title="Show the whole value" onClick={onOpen}>
      {value.slice(0, 200)}
    </button>
  );
}
