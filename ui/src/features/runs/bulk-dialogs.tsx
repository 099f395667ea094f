import { type FormEvent, useId, useState } from "react";
import { useExperiments } from "../../api/home";
import { Dialog } from "../../components/dialog";
import { FormFailure } from "../../components/states";
import { keyOf, readableTags } from "../../lib/columns";
import { plural } from "../../lib/format";
import type { Frame } from "../../lib/frame";
import { includes } from "../../lib/levels";
import type { Edits } from "./use-edits";

interface TagProps {
  frame: Frame;
  runIds: string[];
  edits: Edits;
  onClose: () => void;
}

/** Sets a tag of runs, or takes it away. */
export function TagDialog({ frame, runIds, edits, onClose }: TagProps) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const known = useId();
  const name = key.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    void edits.tag(runIds, name, value);
  };
  const remove = () => {
    onClose();
    void edits.tag(runIds, name, null);
  };
  return (
    <Dialog title={`Tag ${plural(runIds.length, "run")}`} onClose={onClose}>
      <form className="menu-form" onSubmit={send}>
        <label className="menu-field">
          <span className="muted">Tag</span>
          <input className="field" list={known} value={key} onChange={(event) => setKey(event.target.value)} />
          <datalist id={known}>
            {readableTags(frame)
              .slice(0, 100)
              .map((column) => (
                <option key={column} value={keyOf(column)} />
              ))}
          </datalist>
        </label>
        <label className="menu-field">
          <span className="muted">Value</span>
          <input className="field" value={value} onChange={(event) => setValue(event.target.value)} />
        </label>
        <div className="dialog-buttons">
          <button type="button" className="button" disabled={name === ""} onClick={remove}>
            Remove this tag
          </button>
          <span className="spring" />
          <button type="submit" className="button primary" disabled={name === ""}>
            Set on {plural(runIds.length, "run")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface MoveProps {
  /** The chosen runs and all that lies below them. */
  runIds: string[];
  chosen: number;
  from: string;
  edits: Edits;
  onClose: () => void;
  onMoved: () => void;
}

/** Makes runs part of another experiment. */
export function MoveDialog({ runIds, chosen, from, edits, onClose, onMoved }: MoveProps) {
  const { data, error } = useExperiments();
  const [target, setTarget] = useState("");
  const offered = (data ?? []).filter((one) => one.experiment_id !== from && includes(one.permission, "EDIT"));
  const to = offered.find((one) => one.experiment_id === target);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!to) return;
    onClose();
    onMoved();
    void edits.move(runIds, from, { id: to.experiment_id, name: to.name });
  };
  const below = runIds.length - chosen;
  return (
    <Dialog title={`Move ${plural(chosen, "run")}`} onClose={onClose}>
      <form className="menu-form" onSubmit={send}>
        <label className="menu-field">
          <span className="muted">To the experiment</span>
          <select className="field" value={target} onChange={(event) => setTarget(event.target.value)}>
            <option value="">{offered.length === 0 ? "There is no other experiment" : "Choose one"}</option>
            {offered.map((one) => (
              <option key={one.experiment_id} value={one.experiment_id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        {error && <FormFailure error={error} />}
        <p className="muted">
          {below > 0 ? `With ${plural(below, "run")} nested in them, and the ` : "With the "}
          models that they logged. Files stay where they are.
        </p>
        <div className="dialog-buttons">
          <span className="spring" />
          <button type="submit" className="button primary" disabled={!to}>
            Move
          </button>
        </div>
      </form>
    </Dialog>
  );
}
