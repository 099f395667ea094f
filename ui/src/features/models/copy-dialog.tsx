import { type FormEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { ApiError } from "../../api/client";
import { useModelNames, useRegistryWrite } from "../../api/registry";
import { Dialog } from "../../components/dialog";
import { FormFailure } from "../../components/states";
import { tell } from "../../components/toast";
import { modelPath } from "../../lib/models";

/** Creates a model unless there is one of that name already. */
export function useModelMade() {
  const create = useRegistryWrite("createRegisteredModel");
  return async (name: string) => {
    try {
      await create.mutateAsync({ name });
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "RESOURCE_ALREADY_EXISTS")) throw error;
    }
  };
}

interface NameFieldProps {
  label: string;
  value: string;
  /** Names that are not offered. */
  without?: string;
  onChange: (name: string) => void;
}

/** The name of a registered model: one that there is, or a new one. */
export function ModelNameField({ label, value, without, onChange }: NameFieldProps) {
  const { data: names = [] } = useModelNames();
  const known = useId();
  return (
    <label>
      {label}
      <input
        className="field"
        list={known}
        value={value}
        maxLength={256}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={known}>
        {names
          .filter((name) => name !== without)
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      <span className="muted">{namePlan(value.trim(), names)}</span>
    </label>
  );
}

function namePlan(name: string, names: string[]): string {
  if (name === "") return "Choose a model, or type a new name.";
  return names.includes(name) ? `A new version of ${name}.` : `${name} is new: it will be made.`;
}

/** Promotes a version: another model gets a version with the same files, run and logged model. */
export function CopyDialog({ name, version, onClose }: { name: string; version: string; onClose: () => void }) {
  const [target, setTarget] = useState("");
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const make = useModelMade();
  const copy = useRegistryWrite("createModelVersion");
  const [, navigate] = useLocation();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = target.trim();
    setBusy(true);
    try {
      await make(wanted);
      const made = await copy.mutateAsync({ name: wanted, source: `models:/${name}/${version}` });
      tell(`Version ${version} of ${name} is version ${made.model_version.version} of ${wanted}.`);
      onClose();
      navigate(modelPath(wanted, "versions", made.model_version.version));
    } catch (failure) {
      if (!(failure instanceof Error)) throw failure;
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Promote version ${version} of ${name}`} onClose={onClose}>
      <form className="form" onSubmit={(event) => void send(event)}>
        <ModelNameField label="To the model" value={target} without={name} onChange={setTarget} />
        {error && <FormFailure error={error} />}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={busy || target.trim() === "" || target.trim() === name}
          >
            Promote
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
