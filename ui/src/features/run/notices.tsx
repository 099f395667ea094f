import type { Run } from "../../api/generated";
import { useWrite } from "../../api/queries";
import { May, useMay } from "../../components/access";
import { useNow } from "../../components/ago";
import { Icon } from "../../components/icons";
import { Snippet } from "../../components/states";
import { attempt } from "../../components/toast";
import { formatAgo } from "../../lib/format";
import { RestoreButton } from "./acts";

const SILENT = 3_600_000;

/** What a reader should know before anything else: the run is deleted, gone, or silent. */
export function RunNotices({ run, gone }: { run: Run; gone: boolean }) {
  if (gone) {
    return (
      <p className="notice" role="status">
        <Icon name="warning" />
        This run was deleted for good while it was open. What you see is what it said last.
      </p>
    );
  }
  if (run.info.lifecycle_stage === "deleted") {
    return (
      <div className="notice" role="status">
        <Icon name="trash" />
        <span>This run is in the trash; it can be brought back until the trash is emptied.</span>
        <RestoreButton runId={run.info.run_id} />
      </div>
    );
  }
  return run.info.status === "RUNNING" ? <Silence run={run} /> : null;
}

/** A run that goes on and has not said anything for an hour. */
function Silence({ run: { info, data } }: { run: Run }) {
  const now = useNow();
  const end = useWrite("updateRun", ["run", "table", "columns"]);
  const last = (data.metrics ?? []).reduce(
    (latest, { timestamp }) => Math.max(latest, Number(timestamp)),
    info.start_time,
  );
  if (last <= 0 || now - last < SILENT) return null;
  const give = () =>
    attempt("The run was not marked as killed", () =>
      end.mutateAsync({ run_id: info.run_id, status: "KILLED", end_time: Math.min(now, last) }),
    );
  return (
    <div className="notice" role="status">
      <Icon name="warning" />
      <span>No word from this run since {formatAgo(last, now)}. Its process may be gone.</span>
      <May level="EDIT">
        <button type="button" className="button" onClick={() => void give()}>
          Mark as killed
        </button>
      </May>
    </div>
  );
}

/** What stands on the overview of a run that recorded nothing. */
export function NothingYet({ run: { info } }: { run: Run }) {
  const mayEdit = useMay("EDIT");
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    `with assay.start_run(run_id="${info.run_id}"):`,
    '    assay.log_metric("loss", 0.5, step=1)',
  ].join("\n");
  return (
    <section className="card nothing-yet" aria-label="Nothing yet">
      <h2>{info.status === "RUNNING" ? "Nothing was reported yet" : "This run reported nothing"}</h2>
      <p className="muted">
        {info.status === "RUNNING"
          ? "Metrics and params appear here with the first one."
          : "It ended without a metric or a param."}{" "}
        {mayEdit && (info.status === "RUNNING" ? "From Python:" : "More can be added:")}
      </p>
      {mayEdit && <Snippet code={code} label="Python code that reports to this run" />}
    </section>
  );
}
