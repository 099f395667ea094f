import { type FormEvent, useState } from "react";
import { Dialog } from "./dialog";
import { FormFailure } from "./states";

interface NameProps {
  title: string;
  verb: string;
  initial?: string;
  pending: boolean;
  error: Error | null;
  submit: (name: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for a name; why it was refused is shown below the field. */
export function NameDialog({ title, verb, initial = "", pending, error, submit, onClose }: NameProps) {
  const [name, setName] = useState(initial);
  const send = (event: FormEvent) => {
    event.preventDefault();
    // The failure is shown below the field.
    submit(name.trim()).catch(() => undefined);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={send}>
        <label>
          Name
          <input className="field" value={name} maxLength={500} onChange={(event) => setName(event.target.value)} />
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
