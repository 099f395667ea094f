import type { Stage } from "../../lib/url-state";

const WORDS: Record<Stage, string> = { active: "Active", deleted: "Deleted", all: "All" };

/** Chooses between active and deleted runs. */
export function StageSelect({ stage, onStage }: { stage: Stage; onStage: (stage: Stage) => void }) {
  return (
    <select
      className="button select"
      aria-label="Runs shown"
      value={stage}
      onChange={(event) => onStage(event.target.value as Stage)}
    >
      {Object.entries(WORDS).map(([value, word]) => (
        <option key={value} value={value}>
          {word}
        </option>
      ))}
    </select>
  );
}
