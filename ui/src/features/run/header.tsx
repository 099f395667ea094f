import { type ReactNode, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import type { Run, RunInfo } from "../../api/generated";
import { PARENT_TAG, useRunColumns } from "../../api/queries";
import { Ago } from "../../components/ago";
import { CopyButton } from "../../components/copy";
import { Status } from "../../components/status";
import { calledBy, RUN_NAME } from "../../lib/columns";
import { formatDateTime, formatDuration } from "../../lib/format";
import { RunActs } from "./acts";
import { tagsOf } from "./facts";
import { RunName } from "./run-name";

const COMMIT_SHOWN = 8;
const TICK = 1000;

/** Name, state and times of a run, and what can be done with it. `register` is a way into the registry. */
export function RunHeader({ run, register }: { run: Run; register: ReactNode }) {
  const { info } = run;
  return (
    <header className="run-header">
      <div className="run-title">
        <RunName runId={info.run_id} name={calledBy(info.run_name, info.run_id)} />
        <Status status={info.status} />
        {info.lifecycle_stage === "deleted" && <span className="chip warn">Deleted</span>}
        <span className="spring" />
        <RunActs run={run} register={register} />
      </div>
      <dl className="run-facts">
        <Fact label="Started">{info.start_time > 0 ? <Ago time={info.start_time} /> : "–"}</Fact>
        <Fact label="Took">
          <Duration info={info} />
        </Fact>
        {info.user_id && (
          <Fact label="By">
            <bdi>{info.user_id}</bdi>
          </Fact>
        )}
        <Fact label="Id">
          <code className="truncate">{info.run_id}</code>
          <CopyButton text={info.run_id} label="Copy the run's id" />
        </Fact>
        <Origin tags={tagsOf(run)} />
      </dl>
    </header>
  );
}

/** Where a run came from: its parent, code and machine, as far as its tags tell. */
function Origin({ tags }: { tags: ReadonlyMap<string, string> }) {
  const parent = tags.get(PARENT_TAG);
  const source = tags.get("mlflow.source.name");
  const commit = tags.get("mlflow.source.git.commit");
  const branch = tags.get("mlflow.source.git.branch");
  const host = tags.get("assay.host");
  return (
    <>
      {parent && (
        <Fact label="Parent">
          <ParentLink runId={parent} />
        </Fact>
      )}
      {source && (
        <Fact label="Source">
          <span className="truncate" title={source}>
            {source.split(/[\\/]/).at(-1) || source}
          </span>
        </Fact>
      )}
      {commit && (
        <Fact label="Commit">
          <code title={commit}>{commit.slice(0, COMMIT_SHOWN)}</code>
          {branch && <span className="muted truncate run-branch">{branch}</span>}
          <CopyButton text={commit} label="Copy the git commit" />
        </Fact>
      )}
      {host && <Fact label="Host">{host}</Fact>}
    </>
  );
}

/** The run that a nested run belongs to, by its name. */
function ParentLink({ runId }: { runId: string }) {
  const runIds = useMemo(() => [runId], [runId]);
  const name = useRunColumns(runIds).data?.columns[RUN_NAME]?.[0];
  return (
    <Link className="truncate" href={`/runs/${runId}`}>
      <bdi>{calledBy(name === undefined ? name : String(name), runId)}</bdi>
    </Link>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Duration({ info: { status, start_time: start, end_time: end } }: { info: RunInfo }) {
  const running = status === "RUNNING" && !end && start > 0;
  const now = useSeconds(running);
  if (end) return <span title={formatDateTime(end)}>{formatDuration(end - start)}</span>;
  return <span>{running ? `${formatDuration(Math.max(0, now - start))} so far` : "–"}</span>;
}

/** The present, to a second, while it is wanted. */
function useSeconds(wanted: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!wanted) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, [wanted]);
  return now;
}
