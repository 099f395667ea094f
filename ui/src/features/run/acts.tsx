import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { call } from "../../api/client";
import type { Run, RunInfo } from "../../api/generated";
import { useWrite } from "../../api/queries";
import { useMay } from "../../components/access";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { attempt, tell } from "../../components/toast";
import { compareHref } from "../../lib/url-state";
import { UseInCode } from "./use-in-code";

/** What can be done with a run; `register` is a way into the registry. */
export function RunActs({ run, register }: { run: Run; register: ReactNode }) {
  const { info } = run;
  const deleted = info.lifecycle_stage === "deleted";
  return (
    <div className="run-acts">
      {register}
      <CopyButton text={location.href} label="Copy the link to this view" icon="link" />
      <UseInCode run={run} />
      {!deleted && <ComparePrevious info={info} />}
      {deleted ? <RestoreButton runId={info.run_id} /> : <DeleteButton runId={info.run_id} />}
    </div>
  );
}

/** Compares with the run of the experiment that started last before this one. */
function ComparePrevious({ info }: { info: RunInfo }) {
  const [, navigate] = useLocation();
  const compare = async () => {
    const found = await call("viewRuns", {
      experiment_ids: [info.experiment_id],
      filter: `attributes.start_time < ${info.start_time}`,
      order_by: ["attributes.start_time DESC"],
      max_results: 1,
      columns: [],
    });
    const [before] = found.run_ids;
    if (before) navigate(compareHref([before, info.run_id]));
    else tell("No run of this experiment started before this one.");
  };
  return (
    <button
      type="button"
      className="button"
      onClick={() => void attempt("The run before this one was not found", compare)}
    >
      Compare with previous
    </button>
  );
}

function DeleteButton({ runId }: { runId: string }) {
  const remove = useWrite("deleteRun", ["run", "table"]);
  const restore = useWrite("restoreRun", ["run", "table"]);
  const undo = () => void attempt("The run was not restored", () => restore.mutateAsync({ run_id: runId }));
  const drop = async () => {
    await remove.mutateAsync({ run_id: runId });
    tell("Deleted the run.", { action: { label: "Undo", run: undo } });
  };
  if (!useMay("MANAGE")) return null;
  return (
    <button type="button" className="button" onClick={() => void attempt("The run was not deleted", drop)}>
      <Icon name="trash" />
      Delete
    </button>
  );
}

/** Brings a deleted run back; nothing for who may not. */
export function RestoreButton({ runId }: { runId: string }) {
  const restore = useWrite("restoreRun", ["run", "table"]);
  const bring = () => attempt("The run was not restored", () => restore.mutateAsync({ run_id: runId }));
  if (!useMay("MANAGE")) return null;
  return (
    <button type="button" className="button" onClick={() => void bring()}>
      <Icon name="reset" />
      Restore
    </button>
  );
}
