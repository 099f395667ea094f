import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { Run } from "../../api/generated";
import { PARENT_TAG, useWrite } from "../../api/queries";
import { Ago, useNow } from "../../components/ago";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { Status } from "../../components/status";
import { tell, tellError } from "../../components/toast";
import { formatDateTime, formatDuration } from "../../lib/format";
import { ParentLink } from "./family";

const COMMIT_SHOWN = 8;

/** Name, state and times of a run, and what can be done with it. */
export function RunHeader({ run }: { run: Run }) {
  const { info } = run;
  const deleted = info.lifecycle_stage === "deleted";
  return (
    <header className="run-header">
      <div className="run-title">
        <RunName runId={info.run_id} name={info.run_name || info.run_id} />
        <Status status={info.status} />
        {deleted && <span className="chip warn">Deleted</span>}
        <span className="spring" />
        <DeleteButton runId={info.run_id} deleted={deleted} />
      </div>
      <dl className="run-facts">
        <Fact label="Started">{info.start_time > 0 ? <Ago time={info.start_time} /> : "–"}</Fact>
        <Fact label="Took">
          <Duration start={info.start_time} end={info.end_time ?? undefined} running={info.status === "RUNNING"} />
        </Fact>
        {info.user_id && <Fact label="By">{info.user_id}</Fact>}
        <Fact label="Id">
          <code className="truncate">{info.run_id}</code>
          <CopyButton text={info.run_id} label="Copy the run's id" />
        </Fact>
        <Origin tags={new Map(run.data.tags?.map(({ key, value = "" }) => [key, value]))} />
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
  const python = tags.get("assay.python");
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
      {python && <Fact label="Python">{python}</Fact>}
    </>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Duration({ start, end, running }: { start: number; end: number | undefined; running: boolean }) {
  const now = useNow();
  if (end) return <span title={formatDateTime(end)}>{formatDuration(end - start)}</span>;
  return <span>{running && start > 0 ? `${formatDuration(Math.max(0, now - start))} so far` : "–"}</span>;
}

function RunName({ runId, name }: { runId: string; name: string }) {
  const [text, setText] = useState<string>();
  const rename = useWrite("updateRun", ["run", "table", "columns"]);
  const stop = () => setText(undefined);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const next = text?.trim();
    stop();
    if (next && next !== name) rename.mutate({ run_id: runId, run_name: next }, { onError: tellError });
  };
  if (text === undefined) {
    return (
      <>
        <h1 className="run-name" title={name}>
          <bdi>{name}</bdi>
        </h1>
        <button
          type="button"
          className="button quiet icon-only"
          aria-label="Rename the run"
          onClick={() => setText(name)}
        >
          <Icon name="pencil" />
        </button>
      </>
    );
  }
  return (
    <form className="rename" onSubmit={send}>
      <input
        className="field"
        aria-label="Name of the run"
        maxLength={250}
        value={text}
        ref={(input) => input?.focus()}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && stop()}
      />
      <button type="submit" className="button primary">
        Rename
      </button>
      <button type="button" className="button" onClick={stop}>
        Cancel
      </button>
    </form>
  );
}

function DeleteButton({ runId, deleted }: { runId: string; deleted: boolean }) {
  const remove = useWrite("deleteRun", ["run", "table"]);
  const restore = useWrite("restoreRun", ["run", "table"]);
  const bringBack = () => restore.mutate({ run_id: runId }, { onError: tellError });
  const onSuccess = () => tell("Deleted the run.", { action: { label: "Undo", run: bringBack } });
  if (deleted) {
    return (
      <button type="button" className="button" onClick={bringBack}>
        <Icon name="reset" />
        Restore
      </button>
    );
  }
  return (
    <button
      type="button"
      className="button"
      onClick={() => remove.mutate({ run_id: runId }, { onSuccess, onError: tellError })}
    >
      <Icon name="trash" />
      Delete
    </button>
  );
}
