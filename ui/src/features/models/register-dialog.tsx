import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useRegistryWrite } from "../../api/registry";
import { Dialog } from "../../components/dialog";
import { FormFailure } from "../../components/states";
import { tell } from "../../components/toast";
import { modelPath } from "../../lib/models";
import { ModelNameField, useModelMade } from "./copy-dialog";
import type { Registrable } from "./register-button";

/** A name that a registered model may have, from one that a logged model has. */
function suggested(label: string): string {
  return label.replace(/[/:]/g, "-");
}

/** Makes a version of a registered model. */
export default function RegisterDialog({ what, onClose }: { what: Registrable; onClose: () => void }) {
  const [name, setName] = useState(suggested(what.label));
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const make = useModelMade();
  const create = useRegistryWrite("createModelVersion");
  const [, navigate] = useLocation();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await make(name.trim());
      const { source, runId: run_id, modelId: model_id } = what;
      const made = await create.mutateAsync({ name: name.trim(), source, run_id, ...(model_id ? { model_id } : {}) });
      const { version } = made.model_version;
      tell(`${what.label} is version ${version} of ${name.trim()} now.`, {
        action: { label: "Open", run: () => navigate(modelPath(name.trim(), "versions", version)) },
      });
      onClose();
    } catch (failure) {
      if (!(failure instanceof Error)) throw failure;
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Register ${what.label}`} onClose={onClose}>
      <form className="form" onSubmit={(event) => void send(event)}>
        <ModelNameField label="As a version of the model" value={name} onChange={setName} />
        {error && <FormFailure error={error} />}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={busy || name.trim() === ""}>
            Register
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
