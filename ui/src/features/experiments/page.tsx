import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { ExperimentSummary } from "../../api/generated";
import { useExperiments } from "../../api/queries";
import { Ago } from "../../components/ago";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";
import { StatusCount } from "../../components/status";
import { compareText } from "../../lib/cells";
import { formatCount, plural } from "../../lib/format";
import { CreateExperimentDialog } from "./create-dialog";
import { ExperimentMenu } from "./menu";

type SortColumn = "name" | "runs" | "activity";
const PAGE = 200;

/** All experiments, the last active first. */
export default function ExperimentsPage() {
  useCrumbs([{ label: "Experiments" }]);
  const { data, error, refetch } = useExperiments();
  const [creating, setCreating] = useState(false);
  const empty = data?.every((one) => one.runs === 0);
  return (
    <div className="page scrolls">
      <div className="page-inner">
        <div className="page-head">
          <h1>Experiments</h1>
          <button type="button" className="button" onClick={() => setCreating(true)}>
            <Icon name="plus" />
            New experiment
          </button>
        </div>
        {error && !data && (
          <Failure title="The experiments could not be read" error={error} retry={() => void refetch()} />
        )}
        {!data && !error && <SkeletonRows rows={10} height={36} />}
        {data && data.length > 0 && <ExperimentList experiments={data} />}
        {empty && <FirstRun />}
      </div>
      {creating && <CreateExperimentDialog onClose={() => setCreating(false)} />}
    </div>
  );
}

/** What a newcomer needs: code to paste, with this server's address, and the promise that it will show here. */
function FirstRun() {
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    'assay.set_experiment("first-steps")',
    "with assay.start_run():",
    '    assay.log_param("learning_rate", 0.01)',
    '    assay.log_metric("accuracy", 0.93)',
  ].join("\n");
  return (
    <Empty title="Log a first run" icon="plus">
      <p className="muted">Run this where you train. Code that logs to MLflow needs only the tracking address.</p>
      <Snippet code={code} label="Python code that logs a run" />
      <p className="muted" role="status">
        Waiting for the first run… it will appear here by itself.
      </p>
    </Empty>
  );
}

function sorted(experiments: ExperimentSummary[], column: SortColumn, descending: boolean): ExperimentSummary[] {
  const compare: Record<SortColumn, (left: ExperimentSummary, right: ExperimentSummary) => number> = {
    name: (left, right) => compareText(left.name, right.name),
    runs: (left, right) => left.runs - right.runs,
    activity: (left, right) => left.last_activity - right.last_activity,
  };
  const order = [...experiments].sort(compare[column]);
  return descending ? order.reverse() : order;
}

function readSort(text: string | null): { column: SortColumn; descending: boolean } {
  const column = text?.replace(/^-/, "");
  const known = column === "name" || column === "runs" || column === "activity";
  return known ? { column, descending: text?.startsWith("-") ?? false } : { column: "activity", descending: true };
}

function ExperimentList({ experiments }: { experiments: ExperimentSummary[] }) {
  const [, navigate] = useLocation();
  const values = new URLSearchParams(useQueryText());
  const query = values.get("q") ?? "";
  const { column, descending } = readSort(values.get("sort"));
  const [limit, setLimit] = useState(PAGE);
  const filter = useRef<HTMLInputElement>(null);
  useKeys({
    "/": (event) => {
      event.preventDefault();
      filter.current?.focus();
    },
  });
  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = experiments.filter(({ name, note }) => {
      const text = `${name}\n${note}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return sorted(matches, column, descending);
  }, [experiments, query, column, descending]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new search starts at the top
  useEffect(() => setLimit(PAGE), [query, column, descending]);
  const sortBy = (next: SortColumn) => {
    const turned = next === column ? !descending : next !== "name";
    setParameters({ sort: `${turned ? "-" : ""}${next}` });
  };
  return (
    <>
      <div className="search-line">
        <Icon name="search" />
        <input
          ref={filter}
          className="field"
          type="search"
          aria-label="Filter experiments by name or note"
          placeholder="Filter by name or note"
          value={query}
          onChange={(event) => setParameters({ q: event.target.value })}
          onKeyDown={(event) => event.key === "Enter" && found[0] && navigate(`/experiments/${found[0].experiment_id}`)}
        />
      </div>
      <table className="list">
        <thead>
          <tr>
            <Head name="name" label="Name" sort={sortBy} active={column} descending={descending} />
            <Head name="runs" label="Runs" sort={sortBy} active={column} descending={descending} numeric />
            <th scope="col" className="wide-only">
              State
            </th>
            <Head name="activity" label="Last activity" sort={sortBy} active={column} descending={descending} />
            <th scope="col" className="wide-only">
              Note
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, limit).map((experiment) => (
            <ExperimentRow key={experiment.experiment_id} experiment={experiment} />
          ))}
        </tbody>
      </table>
      {found.length > limit && (
        <button type="button" className="button" onClick={() => setLimit(limit + PAGE)}>
          Show {formatCount(Math.min(PAGE, found.length - limit))} more
        </button>
      )}
      <p className="muted list-foot" role="status">
        {found.length === experiments.length
          ? plural(experiments.length, "experiment")
          : `${formatCount(found.length)} of ${plural(experiments.length, "experiment")}`}
      </p>
    </>
  );
}

interface HeadProps {
  name: SortColumn;
  label: string;
  sort: (name: SortColumn) => void;
  active: SortColumn;
  descending: boolean;
  numeric?: boolean;
}

function Head({ name, label, sort, active, descending, numeric = false }: HeadProps) {
  const direction = descending ? "descending" : "ascending";
  return (
    <th scope="col" className={numeric ? "number" : ""} aria-sort={active === name ? direction : "none"}>
      <button type="button" onClick={() => sort(name)}>
        {label}
        {active === name && <Icon name={descending ? "fall" : "up"} />}
      </button>
    </th>
  );
}

function ExperimentRow({ experiment }: { experiment: ExperimentSummary }) {
  const { experiment_id: id, name, runs, running, failed, last_activity: active, note } = experiment;
  return (
    <tr>
      <th scope="row" className="list-name">
        <Link href={`/experiments/${id}`} title={name}>
          {name}
        </Link>
      </th>
      <td className="number">{formatCount(runs)}</td>
      <td className="wide-only">
        <span className="status-counts">
          <StatusCount status="RUNNING" count={running} />
          <StatusCount status="FAILED" count={failed} />
        </span>
      </td>
      <td className="list-time">{active > 0 ? <Ago time={active} /> : <span className="muted">–</span>}</td>
      <td className="wide-only list-note">
        <span className="truncate" title={note}>
          {note.split("\n")[0]}
        </span>
      </td>
      <td className="list-actions">
        <ExperimentMenu id={id} name={name} />
      </td>
    </tr>
  );
}
