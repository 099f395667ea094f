import type { CSSProperties, KeyboardEvent } from "react";
import { Link } from "wouter";
import type { BestRun, ExperimentActivity, ExperimentSummary } from "../../api/generated";
import { Access } from "../../components/access";
import { Ago } from "../../components/ago";
import { Icon } from "../../components/icons";
import { setParameters } from "../../components/parameters";
import { StatusCount } from "../../components/status";
import { Value } from "../../components/value";
import type { ExperimentRow, FolderRow } from "../../lib/folders";
import { firstLine, formatCount, plural } from "../../lib/format";
import { ActivityStrip } from "./activity-strip";
import { ExperimentMenu } from "./menu";

/** Where a row stands, and what it does with keys. */
export interface Place {
  index: number;
  active: boolean;
  top: number;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const HEAD_ROWS = 2;

function rowProps({ index, active, top, onFocus, onKeyDown }: Place, depth: number) {
  return {
    "aria-rowindex": index + HEAD_ROWS,
    "aria-level": depth + 1,
    tabIndex: active ? 0 : -1,
    style: { transform: `translateY(${top}px)`, "--depth": depth } as CSSProperties,
    onFocus,
    onKeyDown,
  };
}

interface Counted {
  runs: number;
  running: number;
  failed: number;
  last_activity: number;
}

function Counts({ counted }: { counted: Counted }) {
  return (
    <>
      <div role="gridcell" className="tree-runs number">
        {formatCount(counted.runs)}
        <span className="tree-unit"> {counted.runs === 1 ? "run" : "runs"}</span>
      </div>
      <div role="gridcell" className="tree-state">
        <StatusCount status="RUNNING" count={counted.running} />
        <StatusCount status="FAILED" count={counted.failed} />
      </div>
    </>
  );
}

function LastActivity({ time }: { time: number }) {
  return (
    <div role="gridcell" className="tree-time">
      {time > 0 ? <Ago time={time} /> : <span className="muted">–</span>}
    </div>
  );
}

interface FolderProps {
  row: FolderRow;
  place: Place;
  toggle: (path: string, open: boolean) => void;
}

export function FolderLine({ row, place, toggle }: FolderProps) {
  return (
    <div role="row" {...rowProps(place, row.depth)} className="tree-row placed" aria-expanded={row.open}>
      <div role="rowheader" className="tree-name">
        <button
          type="button"
          className="tree-folder"
          tabIndex={-1}
          title={row.path}
          onClick={() => toggle(row.path, !row.open)}
        >
          <Icon name={row.open ? "down" : "right"} />
          <Icon name="folder" />
          <bdi className="truncate">{row.label}</bdi>
          <span className="muted tree-inside">{plural(row.experiments, "experiment")}</span>
        </button>
      </div>
      <div role="gridcell" className="tree-check" />
      <Counts counted={row} />
      <div role="gridcell" className="tree-strip" />
      <div role="gridcell" className="tree-best" />
      <div role="gridcell" className="tree-owner" />
      <LastActivity time={row.last_activity} />
      <div role="gridcell" className="tree-note" />
      <div role="gridcell" className="tree-acts">
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`New experiment in ${row.path}`}
          title="New experiment in this folder"
          onClick={() => setParameters({ new: `in:${row.path}` })}
        >
          <Icon name="plus" />
        </button>
      </div>
    </div>
  );
}

interface ExperimentProps {
  row: ExperimentRow<ExperimentSummary>;
  place: Place;
  best: BestRun | undefined;
  activity: ExperimentActivity | undefined;
  /** When the first day of the activity began. */
  since: number;
  selected: boolean;
  onSelect: (range: boolean) => void;
}

export function ExperimentLine({ row, place, best, activity, since, selected, onSelect }: ExperimentProps) {
  const { experiment_id: id, name, note } = row.experiment;
  return (
    <div role="row" {...rowProps(place, row.depth)} className="tree-row placed" aria-selected={selected}>
      <div role="rowheader" className="tree-name">
        <Link className="truncate tree-link" href={`/experiments/${id}`} title={name}>
          <bdi>{row.label}</bdi>
        </Link>
      </div>
      <div role="gridcell" className="tree-check">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${name}`}
          checked={selected}
          onChange={(event) => onSelect((event.nativeEvent as unknown as MouseEvent).shiftKey)}
        />
      </div>
      <Counts counted={row.experiment} />
      <div role="gridcell" className="tree-strip">
        {activity && <ActivityStrip days={activity.days} since={since} />}
      </div>
      <div role="gridcell" className="tree-best">
        {best && <Best best={best} />}
      </div>
      <div role="gridcell" className="tree-owner">
        <bdi className="truncate" title={activity?.owner}>
          {activity?.owner}
        </bdi>
      </div>
      <LastActivity time={row.experiment.last_activity} />
      <div role="gridcell" className="tree-note">
        <span className="truncate" title={note}>
          {firstLine(note)}
        </span>
      </div>
      <div role="gridcell" className="tree-acts">
        <Access permission={row.experiment.permission}>
          <ExperimentMenu id={id} name={name} />
        </Access>
      </div>
    </div>
  );
}

function Best({ best }: { best: BestRun }) {
  const direction = best.direction === "min" ? "least" : "greatest";
  const name = best.run_name || best.run_id;
  return (
    <>
      <Link
        className="tree-best-run"
        href={`/runs/${best.run_id}`}
        title={`${name}: the ${direction} ${best.metric} of all runs`}
      >
        <span className="tabular tree-value">
          <Value cell={best.value} />
        </span>
        <bdi className="truncate tree-run">{name}</bdi>
      </Link>
      <span className="muted truncate tree-metric" title={best.metric}>
        {best.metric}
      </span>
    </>
  );
}
