import { useAuditCheck } from "../../api/admin";
import type { AuditCheckResponse } from "../../api/generated";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icons";
import { FormFailure } from "../../components/states";
import { formatCount } from "../../lib/format";

/** Checks that no entry was changed or taken away, and tells what came of it. */
export function AuditCheck() {
  const check = useAuditCheck();
  const done = check.data !== undefined || check.error !== null;
  return (
    <>
      <button type="button" className="button" disabled={check.isPending} onClick={() => check.mutate()}>
        <Icon name="shield" />
        {check.isPending ? "Checking…" : "Check the chain"}
      </button>
      {done && !check.isPending && (
        <Dialog title="The chain of entries" onClose={check.reset}>
          {check.error && <FormFailure error={check.error} />}
          {check.data && <Verdict found={check.data} />}
          <p className="muted">Each entry holds a digest of itself and of the one before it.</p>
          <footer>
            <button type="button" className="button primary" onClick={check.reset}>
              Close
            </button>
          </footer>
        </Dialog>
      )}
    </>
  );
}

function Verdict({ found: { entries, broken } }: { found: AuditCheckResponse }) {
  if (broken === 0) {
    return (
      <p className="audit-verdict whole" role="status">
        <Icon name="check" />
        {entries === 1
          ? "Whole: the one entry is as it was written."
          : `Whole: all ${formatCount(entries)} entries are as they were written.`}
      </p>
    );
  }
  return (
    <p className="audit-verdict broken" role="alert">
      <Icon name="warning" />
      {broken < 0
        ? `Broken at the end: entries after the last of these ${formatCount(entries)} are gone.`
        : `Broken at entry ${broken}: it is not as it was written, or entries before it are gone. Those behind it prove nothing.`}
    </p>
  );
}
