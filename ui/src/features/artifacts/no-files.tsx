import type { Owner } from "../../api/artifacts";
import { Empty, Snippet } from "../../components/states";

/** What stands where nothing was logged yet. */
export function NoFiles({ owner }: { owner: Owner }) {
  if (owner.kind === "model") {
    return (
      <Empty title="No files yet" icon="folder">
        <p className="muted">The model's files appear here once they are logged.</p>
      </Empty>
    );
  }
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    `with assay.start_run(run_id="${owner.id}"):`,
    '    assay.log_artifact("results.csv")',
  ].join("\n");
  return (
    <Empty title="No files yet" icon="folder">
      <p className="muted">Log one and it appears here:</p>
      <Snippet code={code} label="Python code that logs a file to this run" />
    </Empty>
  );
}
