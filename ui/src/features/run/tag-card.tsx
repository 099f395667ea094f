import { type FormEvent, useState } from "react";
import type { Run } from "../../api/generated";
import { useWrite } from "../../api/queries";
import { May } from "../../components/access";
import { Icon } from "../../components/icons";
import { LongList } from "../../components/long-list";
import { attempt, tell } from "../../components/toast";
import { compareText } from "../../lib/cells";
import { formatCount } from "../../lib/format";

const ROW = 28;
const SYSTEM = /^(mlflow|assay)\./;

/** The tags of a run: those that people set can be added and taken away, those of the system are folded. */
export function TagCard({ run }: { run: Run }) {
  const [adding, setAdding] = useState(false);
  const tags = [...(run.data.tags ?? [])].sort((left, right) => compareText(left.key, right.key));
  const own = tags.filter((tag) => !SYSTEM.test(tag.key));
  const system = tags.filter((tag) => SYSTEM.test(tag.key));
  const runId = run.info.run_id;
  return (
    <section className="card list-card" aria-label="Tags">
      <header>
        <h2>Tags</h2>
        <span className="muted">{formatCount(own.length)}</span>
        <span className="spring" />
        <May level="EDIT">
          <button type="button" className="button quiet" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            Add tag
          </button>
        </May>
      </header>
      {adding && <TagForm runId={runId} onDone={() => setAdding(false)} />}
      <LongList items={own} rowHeight={ROW} label="Tags" keyOf={(tag) => tag.key}>
        {(tag) => <TagRow runId={runId} name={tag.key} value={tag.value ?? ""} />}
      </LongList>
      {own.length === 0 && !adding && <p className="muted list-empty">No tags were set.</p>}
      {system.length > 0 && (
        <details className="system-tags">
          <summary>{formatCount(system.length)} set by the system</summary>
          {system.map((tag) => (
            <div key={tag.key} className="pair-row">
              <span className="truncate muted" title={tag.key}>
                {tag.key}
              </span>
              <span className="truncate" title={tag.value}>
                {tag.value}
              </span>
            </div>
          ))}
        </details>
      )}
    </section>
  );
}

function TagRow({ runId, name, value }: { runId: string; name: string; value: string }) {
  const remove = useWrite("deleteTag", ["run", "table"]);
  const restore = useWrite("setTag", ["run", "table"]);
  const undo = () =>
    void attempt(`The tag ${name} was not put back`, () => restore.mutateAsync({ run_id: runId, key: name, value }));
  const drop = async () => {
    await remove.mutateAsync({ run_id: runId, key: name });
    tell(`Removed the tag ${name}.`, { action: { label: "Undo", run: undo } });
  };
  return (
    <div className="pair-row with-action">
      <span className="truncate muted" title={name}>
        {name}
      </span>
      <span className="truncate" title={value}>
        {value}
      </span>
      <May level="EDIT">
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`Remove the tag ${name}`}
          onClick={() => void attempt(`The tag ${name} was not removed`, drop)}
        >
          <Icon name="close" />
        </button>
      </May>
    </div>
  );
}

function TagForm({ runId, onDone }: { runId: string; onDone: () => void }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const set = useWrite("setTag", ["run", "table"]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const given = { run_id: runId, key: key.trim(), value };
    void attempt(`The tag ${given.key} was not set`, () => set.mutateAsync(given).then(onDone));
  };
  return (
    <form className="tag-form" onSubmit={send}>
      <input
        className="field"
        aria-label="Tag"
        placeholder="Tag"
        value={key}
        ref={focusOnce}
        onChange={(event) => setKey(event.target.value)}
      />
      <input
        className="field"
        aria-label="Value"
        placeholder="Value"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="button primary" disabled={key.trim() === "" || set.isPending}>
        Set
      </button>
      <button type="button" className="button" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  input?.focus();
}
