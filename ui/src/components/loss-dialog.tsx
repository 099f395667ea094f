import { type FormEvent, type ReactNode, useState } from "react";
import { Dialog } from "./dialog";
import { FormFailure } from "./states";

interface Props {
  title: string;
  verb: string;
  /** What has to be typed first; nothing where it is empty. */
  proof: string;
  pending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something goes for good: what goes, and what stays. */
export function LossDialog({ title, verb, proof, pending, error, onConfirm, onClose, children }: Props) {
  const [typed, setTyped] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={send}>
        {children}
        {proof !== "" && (
          <label>
            <span>
              Type <strong>{proof}</strong> to go on
            </span>
            <input
              className="field"
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
        )}
        {error && <FormFailure error={error} />}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button danger" disabled={pending || typed !== proof}>
            {verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
