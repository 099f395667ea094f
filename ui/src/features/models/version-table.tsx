import { useMemo } from "react";
import { Link } from "wouter";
import type { ModelVersion } from "../../api/generated";
import { Ago } from "../../components/ago";
import { Icon } from "../../components/icons";
import { Value } from "../../components/value";
import type { Cell } from "../../lib/cells";
import { keyOf } from "../../lib/columns";
import { firstLine } from "../../lib/format";
import type { Frame } from "../../lib/frame";
import { bestRows, knownDirection } from "../../lib/metrics";
import { modelPath } from "../../lib/models";
import { AliasPill, StageChip } from "./alias-pill";
import { TagText } from "./tag-chips";
import { type VersionAct, VersionMenu } from "./version-menu";

interface Props {
  name: string;
  /** The rows of the table: the first ones of the frame. */
  versions: ModelVersion[];
  frame: Frame;
  /** Columns of metrics, in order. */
  metrics: string[];
  selected: string[];
  onSelect: (version: string, wanted: boolean) => void;
  onAct: (act: VersionAct, version: ModelVersion) => void;
}

/** The versions of a model, the newest first, with what was measured of them. */
export function VersionTable({ name, versions, frame, metrics, selected, onSelect, onAct }: Props) {
  const best = useMemo(() => new Map(metrics.map((column) => [column, bestOf(frame, column)])), [frame, metrics]);
  const staged = versions.some((one) => one.current_stage !== undefined && one.current_stage !== "None");
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Versions">
      <table className="list versions">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Compare</span>
            </th>
            <th scope="col">Version</th>
            {staged && <th scope="col">Stage</th>}
            {metrics.map((column) => (
              <th key={column} scope="col" className="number" title={keyOf(column)}>
                <span className="truncate version-metric">{keyOf(column)}</span>
              </th>
            ))}
            <th scope="col">Made by</th>
            <th scope="col">Created</th>
            <th scope="col">Tags and description</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version, row) => (
            <tr
              key={version.version}
              data-version={version.version}
              className={selected.includes(version.version) ? "selected" : ""}
            >
              <td className="version-check">
                <input
                  type="checkbox"
                  aria-label={`Compare version ${version.version}`}
                  checked={selected.includes(version.version)}
                  onChange={(event) => onSelect(version.version, event.target.checked)}
                />
              </td>
              <th scope="row">
                <span className="version-name">
                  <Link className="version-link" href={modelPath(name, "versions", version.version)}>
                    {version.version}
                  </Link>
                  {(version.aliases ?? []).map((alias) => (
                    <AliasPill key={alias} alias={alias} />
                  ))}
                  <VersionState version={version} />
                </span>
              </th>
              {staged && (
                <td>
                  <StageChip stage={version.current_stage} />
                </td>
              )}
              {metrics.map((column) => (
                <MetricCell
                  key={column}
                  cell={frame.columns.get(column)?.[row]}
                  best={best.get(column)?.has(row) ?? false}
                />
              ))}
              <td className="version-source">
                <Source version={version} runName={frame.columns.get("attributes.run_name")?.[row]} />
              </td>
              <td className="list-time">
                <Ago time={version.creation_timestamp} />
              </td>
              <td className="version-told">
                <Told version={version} />
              </td>
              <td className="list-actions">
                <VersionMenu version={version} onAct={onAct} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function bestOf(frame: Frame, column: string): Set<number> {
  const direction = knownDirection(keyOf(column));
  return direction ? bestRows(frame, column, direction) : new Set();
}

function MetricCell({ cell, best }: { cell: Cell | undefined; best: boolean }) {
  return (
    <td className={best ? "number best-text" : "number"}>
      {best && (
        <>
          <Icon name="star" className="best-mark" />
          <span className="visually-hidden">best: </span>
        </>
      )}
      <Value cell={cell} />
    </td>
  );
}

/** What is not as it should be with a version. */
export function VersionState({ version: { status = "READY", status_message: message } }: { version: ModelVersion }) {
  if (status === "READY") return null;
  return (
    <span className="chip warn" title={message}>
      {status === "PENDING_REGISTRATION" ? "Pending" : "Failed"}
    </span>
  );
}

function Source({ version, runName }: { version: ModelVersion; runName: Cell | undefined }) {
  if (version.run_id) {
    return (
      <Link className="truncate" href={`/runs/${version.run_id}`} title={`Run ${String(runName ?? version.run_id)}`}>
        <bdi>{runName ?? `${version.run_id.slice(0, 8)}…`}</bdi>
      </Link>
    );
  }
  return (
    <span className="truncate muted" title={version.source}>
      {version.source}
    </span>
  );
}

function Told({ version }: { version: ModelVersion }) {
  const note = firstLine(version.description ?? "");
  return (
    <span className="pills">
      <TagText tags={version.tags ?? []} most={2} />
      {note && (
        <span className="muted truncate" title={note}>
          {note}
        </span>
      )}
    </span>
  );
}
