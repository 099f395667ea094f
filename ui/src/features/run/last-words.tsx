import { useMemo } from "react";
import type { Run } from "../../api/generated";
import { useTail } from "../../api/run-files";
import { Icon } from "../../components/icons";
import { setParameters } from "../../components/parameters";
import { lastWords, settleConsole } from "../../lib/console-text";
import { logFiles } from "../../lib/files";

const LAST_BYTES = 65_536;

const STORIES: Record<string, { title: string; told: string }> = {
  FAILED: { title: "This run failed", told: "What it printed was not kept; ASSAY_LOG_CONSOLE=true keeps it." },
  KILLED: {
    title: "This run was killed",
    told: "Its process ended without saying how: stopped by somebody, out of memory, or its machine went down.",
  },
};

/** Why a run did not finish, as far as what it printed tells. */
export function LastWords({ run: { info }, names }: { run: Run; names: readonly string[] }) {
  const story = STORIES[info.status];
  const path = logFiles(names).at(-1);
  const { data } = useTail({ kind: "run", id: info.run_id }, story && path, { most: LAST_BYTES, live: false });
  const all = useMemo(() => data && settleConsole(new TextDecoder().decode(data.bytes)).lines, [data]);
  const words = useMemo(() => all && lastWords(all), [all]);
  if (!story) return null;
  const line = words && data?.start === 0 ? String(words.from + 1) : "";
  return (
    <section className="card last-words" aria-label={story.title}>
      <header>
        <Icon name="warning" />
        <h2>{story.title}</h2>
        {words && <strong className="last-headline">{words.headline}</strong>}
        {path && (
          <button
            type="button"
            className="link-button"
            onClick={() => setParameters({ tab: "logs", log: "", line }, { push: true })}
          >
            Open the log there
          </button>
        )}
      </header>
      {words ? (
        <pre className="mono" tabIndex={0} role="region" aria-label="Its last lines">
          {words.lines.join("\n")}
        </pre>
      ) : (
        <p className="muted">{story.told}</p>
      )}
    </section>
  );
}
