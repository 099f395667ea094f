import { useState } from "react";
import type { Run } from "../../api/generated";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icons";
import { Snippet } from "../../components/states";
import { rankMetrics } from "../../lib/metrics";
import { loadingCode, readingCode } from "../../lib/snippets";

/** Python that reads the run, and loads what it made. */
export function UseInCode({ run }: { run: Run }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        <Icon name="code" />
        Use in code
      </button>
      {open && (
        <Dialog title="This run in Python" onClose={() => setOpen(false)}>
          <Code run={run} />
        </Dialog>
      )}
    </>
  );
}

function Code({ run: { info, data, outputs } }: { run: Run }) {
  const metric = rankMetrics((data.metrics ?? []).map((one) => one.key))[0];
  const models = (outputs?.model_outputs ?? []).map((one) => one.model_id);
  const last = models.at(-1);
  return (
    <div className="code-list">
      <h3>Read its values{metric !== undefined && ", and a curve with pandas"}</h3>
      <Snippet code={readingCode(location.origin, info.run_id, metric)} label="Python code that reads the run" />
      {last && (
        <>
          <h3>Load its model</h3>
          <Snippet code={loadingCode(location.origin, `models:/${last}`)} label="Python code that loads the model" />
        </>
      )}
    </div>
  );
}
