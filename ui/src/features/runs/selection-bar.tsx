import { useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../../api/client";
import { Icon } from "../../components/icons";
import { tell, tellError } from "../../components/toast";
import { plural } from "../../lib/format";
import { compareHref, type Stage } from "../../lib/url-state";

const MOST_COMPARED = 40;
const AT_ONCE = 6;

interface Props {
  selected: ReadonlySet<string>;
  stage: Stage;
  clear: () => void;
}

/** What can be done with the selected runs. */
export function SelectionBar({ selected, stage, clear }: Props) {
  const client = useQueryClient();
  if (selected.size === 0) return null;
  const apply = async (operation: "deleteRun" | "restoreRun", ids: string[]) => {
    try {
      await eachOf(ids, (id) => call(operation, { run_id: id }));
    } catch (error) {
      tellError(error as Error);
    } finally {
      await client.invalidateQueries({ queryKey: ["table"] });
    }
  };
  const remove = async () => {
    const ids = [...selected];
    clear();
    await apply("deleteRun", ids);
    const undo = () => void apply("restoreRun", ids);
    tell(`Deleted ${plural(ids.length, "run")}.`, { action: { label: "Undo", run: undo } });
  };
  const restore = async () => {
    const ids = [...selected];
    clear();
    await apply("restoreRun", ids);
    tell(`Restored ${plural(ids.length, "run")}.`);
  };
  const comparable = selected.size >= 2 && selected.size <= MOST_COMPARED;
  return (
    <section className="selection-bar" aria-label="Selected runs">
      <strong>{plural(selected.size, "run")} selected</strong>
      {comparable ? (
        <Link className="button primary" href={compareHref(selected)}>
          Compare <kbd className="kbd">c</kbd>
        </Link>
      ) : (
        <span className="muted">
          {selected.size < 2 ? "Select another to compare" : `Up to ${MOST_COMPARED} can be compared`}
        </span>
      )}
      {stage === "deleted" ? (
        <button type="button" className="button" onClick={() => void restore()}>
          <Icon name="reset" />
          Restore
        </button>
      ) : (
        <button type="button" className="button" onClick={() => void remove()}>
          <Icon name="trash" />
          Delete
        </button>
      )}
      <button type="button" className="button quiet" onClick={clear}>
        Clear
      </button>
    </section>
  );
}

async function eachOf(ids: string[], act: (id: string) => Promise<unknown>): Promise<void> {
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await act(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
