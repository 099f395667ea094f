import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useWrite } from "../../api/queries";
import { Dialog } from "../../components/dialog";

/** Asks for a name and creates an experiment. */
export function CreateExperimentDialog({ onClose }: { onClose: () => void }) {
  const create = useWrite("createExperiment", ["experiments"]);
  const [, navigate] = useLocation();
  const submit = async (name: string) => {
    const { experiment_id: id } = await create.mutateAsync({ name });
    navigate(`/experiments/${id}`);
  };
  return (
    <NameDialog
      title="New experiment"
      verb="Create"
      pending={create.isPending}
      error={create.error}
      submit={submit}
      onClose={onClose}
    />
  );
}

/** Asks for another name of an experiment. */
export function RenameExperimentDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const rename = useWrite("updateExperiment", ["experiments", "experiment"]);
  const submit = async (next: string) => {
    await rename.mutateAsync({ experiment_id: id, new_name: next });
    onClose();
  };
  return (
    <NameDialog
      title="Rename the experiment"
      verb="Rename"
      initial={name}
      pending={rename.isPending}
      error={rename.error}
      submit={submit}
      onClose={onClose}
    />
  );
}

interface NameProps {
  title: string;
  verb: string;
  initial?: string;
  pending: boolean;
  error: Error | null;
  submit: (name: string) => Promise<void>;
  onClose: () => void;
}

function NameDialog({ title, verb, initial = "", pending, error, submit, onClose }: NameProps) {
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
        {error && (
          <p className="form-error" role="alert">
            {error.message}
          </p>
        )}
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
