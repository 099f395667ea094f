import type { GateOutcome } from "../../api/generated";
import { useGateCheck } from "../../api/registry";
import { Dialog } from "../../components/dialog";
import { Failure, FormFailure, SkeletonRows } from "../../components/states";
import { plural } from "../../lib/format";
import { ruleInWords, withoutNoise } from "../../lib/gates";

const MARKS = { passed: "M3.5 8.5 6.5 11.5 12.5 4.5", failed: "M4 4l8 8M12 4l-8 8" };

/** Each rule with what the version shows for it; those that fail come first, with what was found and what is wanted. */
export function OutcomeList({ outcomes }: { outcomes: GateOutcome[] }) {
  const ordered = outcomes.toSorted((left, right) => Number(left.passed ?? false) - Number(right.passed ?? false));
  return (
    <ul className="outcomes">
      {ordered.map(({ guards, line, rule, passed = false, found = "", wanted = "" }) => (
        <li key={`${guards} ${line}`} className={passed ? "outcome passed" : "outcome failed"}>
          <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={passed ? MARKS.passed : MARKS.failed} />
          </svg>
          <div>
            <p>
              <span className="visually-hidden">{passed ? "Passes: " : "Fails: "}</span>
              {ruleInWords(rule)}
            </p>
            <dl className="outcome-facts">
              <dt>Found</dt>
              <dd title={found}>{withoutNoise(found)}</dd>
              {!passed && (
                <>
                  <dt>Wanted</dt>
                  <dd title={wanted}>{withoutNoise(wanted)}</dd>
                </>
              )}
            </dl>
          </div>
        </li>
      ))}
    </ul>
  );
}

export interface GateTarget {
  name: string;
  version: string;
  alias?: string;
  stage?: string;
}

/** Whether a version passes the gate of an alias or stage, rule by rule, as it stands now. */
export function GateVerdict({ target, refused }: { target: GateTarget; refused: boolean }) {
  const { data, error, refetch } = useGateCheck(target, true);
  const guarded = target.alias ? `@${target.alias}` : target.stage;
  if (error) return <Failure small title="The gate could not be asked" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} />;
  if (data.length === 0) return null;
  const failed = data.filter((outcome) => !outcome.passed).length;
  const verdict =
    failed === 0
      ? `Version ${target.version} passes the gate of ${guarded}.`
      : `Version ${target.version} does not pass the gate of ${guarded}: ${failed} of ${plural(data.length, "rule")} ${failed === 1 ? "fails" : "fail"}.`;
  return (
    <section className="verdict" aria-label={`Gate of ${guarded}`}>
      <p className={failed > 0 ? "form-error" : "verdict-good"} role={refused ? "alert" : "status"}>
        {verdict} {refused && failed > 0 && "Nothing was changed."}
      </p>
      <OutcomeList outcomes={data} />
    </section>
  );
}

/** Why a gate refused a version. */
export function RefusalDialog({ target, error, onClose }: { target: GateTarget; error: Error; onClose: () => void }) {
  return (
    <Dialog title="Not moved" onClose={onClose}>
      {isRefusal(error) ? <GateVerdict target={target} refused /> : <FormFailure error={error} />}
      <footer>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}

/** Whether an error may be a gate's. */
export function isRefusal(error: Error): boolean {
  return "code" in error && error.code === "INVALID_STATE";
}
