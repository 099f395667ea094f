import { Fragment, useMemo, useState } from "react";
import { Link } from "wouter";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Status } from "../../components/status";
import { Swatch } from "../../components/swatch";
import { Value } from "../../components/value";
import { type Cell, toFinite } from "../../lib/cells";
import { DURATION, STATUS } from "../../lib/columns";
import { type DiffRow, diffRows } from "../../lib/diff";
import { formatDuration, formatNumber, plural } from "../../lib/format";
import { cellAt, type Frame, textAt, withDuration } from "../../lib/frame";
import { bestRows, knownDirection, type MainMetric, rankMetrics } from "../../lib/metrics";
import type { ComparedRun } from "./page";

interface Props {
  frame: Frame;
  runs: ComparedRun[];
  /** The main metric of the runs' experiment, whose direction was set by people. */
  main: MainMetric | undefined;
  onRemove: (id: string) => void;
}

const SECTIONS = [
  { kind: "metrics", title: "Metrics", noun: "metric" },
  { kind: "params", title: "Params", noun: "param" },
  { kind: "tags", title: "Tags", noun: "tag" },
] as const;
const SYSTEM_TAG = /^(mlflow|assay)\./;
const MOST_ROWS = 300;

/** A column for each run, a line for each metric, param and tag; lines equal in all runs are left out at first. */
export function CompareTable({ frame, runs, main, onRemove }: Props) {
  const everything = new URLSearchParams(useQueryText()).get("rows") === "all";
  const [baseline, setBaseline] = useState<string>();
  const base = runs.findIndex((run) => run.id === baseline);
  const sections = useMemo(() => sectionsOf(frame), [frame]);
  const equal = sections.reduce((sum, section) => sum + section.rows.filter((row) => !row.differs).length, 0);
  return (
    <>
      <div className="compare-controls">
        <label className="check">
          <input
            type="checkbox"
            checked={!everything}
            onChange={(event) => setParameters({ rows: event.target.checked ? "" : "all" })}
          />
          Differences only
        </label>
        <span className="muted" role="status">
          {everything ? `${plural(equal, "row")} equal in all` : `${plural(equal, "equal row")} left out`}
        </span>
        {base >= 0 && (
          <button type="button" className="button" onClick={() => setBaseline(undefined)}>
            <Icon name="close" />
            No baseline
          </button>
        )}
      </div>
      <div className="compare-box card" tabIndex={0} role="region" aria-label="Comparison">
        <table className="compare-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Name</span>
              </th>
              {runs.map((run) => (
                <RunHead
                  key={run.id}
                  run={run}
                  isBaseline={run.id === baseline}
                  onBaseline={setBaseline}
                  onRemove={onRemove}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            <FactRows frame={frame} />
            {sections.map(({ kind, title, noun, rows }) => (
              <Section
                key={kind}
                frame={frame}
                title={title}
                noun={noun}
                rows={rows}
                everything={everything}
                base={base}
                main={main}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function sectionsOf(frame: Frame) {
  return SECTIONS.map(({ kind, title, noun }) => {
    const rows = diffRows(frame, kind).filter((row) => kind !== "tags" || !SYSTEM_TAG.test(row.key));
    const ranked = new Map(rankMetrics(rows.map((row) => row.key)).map((key, place) => [key, place]));
    const ordered =
      kind === "metrics" ? rows.sort((left, right) => ranked.get(left.key)! - ranked.get(right.key)!) : rows;
    return { kind, title, noun, rows: ordered };
  });
}

interface RunHeadProps {
  run: ComparedRun;
  isBaseline: boolean;
  onBaseline: (id: string | undefined) => void;
  onRemove: (id: string) => void;
}

function RunHead({ run, isBaseline, onBaseline, onRemove }: RunHeadProps) {
  return (
    <th scope="col">
      <div className="compare-run">
        <Swatch hue={run.hue} />
        <Link className="truncate" href={`/runs/${run.id}`} title={run.name}>
          <bdi>{run.name}</bdi>
        </Link>
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`Leave ${run.name} out`}
          title="Leave out"
          onClick={() => onRemove(run.id)}
        >
          <Icon name="close" />
        </button>
      </div>
      <button
        type="button"
        className={isBaseline ? "chip baseline" : "link-button"}
        aria-pressed={isBaseline}
        onClick={() => onBaseline(isBaseline ? undefined : run.id)}
      >
        {isBaseline ? "Baseline" : "Use as baseline"}
      </button>
    </th>
  );
}

function FactRows({ frame }: { frame: Frame }) {
  const timed = useMemo(() => withDuration(frame), [frame]);
  return (
    <>
      <tr>
        <th scope="row">Status</th>
        {frame.runIds.map((id, row) => (
          <td key={id}>
            <Status status={textAt(frame, STATUS, row)} />
          </td>
        ))}
      </tr>
      <tr>
        <th scope="row">Duration</th>
        {frame.runIds.map((id, row) => (
          <td key={id}>
            <DurationValue span={cellAt(timed, DURATION, row)} />
          </td>
        ))}
      </tr>
    </>
  );
}

function DurationValue({ span }: { span: Cell }) {
  return typeof span === "number" ? <span>{formatDuration(span)}</span> : <Value cell={null} />;
}

interface SectionProps {
  frame: Frame;
  title: string;
  noun: string;
  rows: DiffRow[];
  everything: boolean;
  base: number;
  main: MainMetric | undefined;
}

function Section({ frame, title, noun, rows, everything, base, main }: SectionProps) {
  const shown = everything ? rows : rows.filter((row) => row.differs);
  if (rows.length === 0) return null;
  const left = shown.length - MOST_ROWS;
  return (
    <>
      <tr className="compare-section">
        <th scope="colgroup" colSpan={frame.runIds.length + 1}>
          {title}
          {shown.length === 0 && <span className="muted"> all {plural(rows.length, noun)} equal</span>}
        </th>
      </tr>
      {shown.slice(0, MOST_ROWS).map((row) => (
        <CompareRow key={row.column} frame={frame} row={row} base={base} main={main} />
      ))}
      {left > 0 && (
        <tr>
          <td colSpan={frame.runIds.length + 1} className="muted">
            and {plural(left, `more ${noun}`)}
          </td>
        </tr>
      )}
    </>
  );
}

type RowProps = Pick<SectionProps, "frame" | "base" | "main"> & { row: DiffRow };

function CompareRow({ frame, row, base, main }: RowProps) {
  const isMetric = row.column.startsWith("metrics.");
  const known = row.key === main?.key ? main.direction : knownDirection(row.key);
  const direction = isMetric ? known : undefined;
  const best = direction ? bestRows(frame, row.column, direction) : new Set<number>();
  const reference = base >= 0 ? toFinite(row.cells[base]) : undefined;
  return (
    <tr>
      <th scope="row" title={row.key}>
        <span className="truncate">{row.key}</span>
      </th>
      {row.cells.map((cell, index) => (
        <Fragment key={frame.runIds[index]}>
          <td className={`${isMetric ? "tabular " : ""}${best.has(index) ? "best" : ""}`}>
            {best.has(index) && (
              <>
                <Icon name="star" className="best-mark" />
                <span className="visually-hidden">best: </span>
              </>
            )}
            <Value cell={cell} />
            {reference !== undefined && index !== base && <Delta cell={cell} reference={reference} />}
          </td>
        </Fragment>
      ))}
    </tr>
  );
}

function Delta({ cell, reference }: { cell: Cell; reference: number }) {
  const value = toFinite(cell);
  if (value === undefined || value === reference) return null;
  const difference = value - reference;
  return <span className="delta"> {difference > 0 ? `+${formatNumber(difference)}` : formatNumber(difference)}</span>;
}
