import { type FormEvent, useState } from "react";
import { Dialog } from "../../components/dialog";
import { FormFailure } from "../../components/states";

interface Told {
  name: string;
  description: string;
}

interface Props {
  title: string;
  verb: string;
  initial?: Told;
  pending: boolean;
  error: Error | null;
  onSubmit: (told: Told) => void;
  onClose: () => void;
}

/** Asks for the name of a group and what it is for. */
export function GroupDialog({ title, verb, initial, pending, error, onSubmit, onClose }: Props) {
  const [name, setName] = useState(initial?.name ?? "");
  const [description, setDescription] = useState(initial?.description ?? "");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ name: name.trim(), description: description.trim() });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={send}>
        <label>
          Name
          <input
            className="field"
            value={name}
            maxLength={250}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label>
          Description
          <textarea
            className="field group-description"
            rows={3}
            value={description}
            maxLength={5000}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        {error && <FormFailure error={error} />}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={pending || name.trim() === ""}>
            {verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
