import { type FormEvent, useEffect, useState } from "react";
import { useResources } from "../../api/admin";
import type { NamedGrant } from "../../api/generated";
import { useGrantWrite } from "../../api/permissions";
import { LevelPicker } from "../../components/level-picker";
import { type Choice, Picker } from "../../components/picker";
import { FormFailure } from "../../components/states";
import type { GrantedOn, Level } from "../../lib/levels";
import type { GrantHolder } from "./grants-card";

const KINDS: Array<{ kind: GrantedOn; label: string; all: string }> = [
  { kind: "experiment", label: "Experiment", all: "All experiments" },
  { kind: "registered_model", label: "Registered model", all: "All registered models" },
  { kind: "workspace", label: "Everything", all: "Everything" },
];
const PAUSE = 150;

/** Grants something more: on what, at which level. */
export function NewGrant({ holder, grants }: { holder: GrantHolder; grants: NamedGrant[] }) {
  const set = useGrantWrite("setResourceGrant");
  const [kind, setKind] = useState<GrantedOn>("experiment");
  const [picked, setPicked] = useState<Choice>();
  const [level, setLevel] = useState<Level>("READ");
  const target = kind === "workspace" ? "*" : picked?.value;
  const present = grants.find((grant) => grant.resource_type === kind && grant.resource_id === target);
  const choose = (next: GrantedOn) => {
    setKind(next);
    setPicked(undefined);
    if (next === "workspace" && level === "USE") setLevel("READ");
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (target === undefined) return;
    const grant = { ...holder, resource_type: kind, resource_id: target, permission: level };
    set.mutate(grant, { onSuccess: () => setPicked(undefined) });
  };
  return (
    <form className="admin-form" onSubmit={send} aria-label="New grant">
      <select
        className="field"
        aria-label="On what kind"
        value={kind}
        onChange={(event) => choose(event.target.value as GrantedOn)}
      >
        {KINDS.map((one) => (
          <option key={one.kind} value={one.kind}>
            {one.label}
          </option>
        ))}
      </select>
      {kind === "workspace" ? (
        <span className="muted admin-all">all that is there, and will be</span>
      ) : (
        <ResourcePicker key={kind} kind={kind} picked={picked} onPick={setPicked} />
      )}
      <LevelPicker label="Level to grant" level={level} what={kind} onLevel={setLevel} />
      <button type="submit" className="button" disabled={set.isPending || target === undefined}>
        {present ? "Change" : "Grant"}
      </button>
      {present && present.permission !== level && (
        <p className="muted admin-note">{present.permission} is granted there now.</p>
      )}
      {set.error && <FormFailure error={set.error} />}
    </form>
  );
}

interface PickerProps {
  kind: "experiment" | "registered_model";
  picked: Choice | undefined;
  onPick: (choice: Choice | undefined) => void;
}

/** Finds an experiment or a registered model by a part of its name, or all of them. */
function ResourcePicker({ kind, picked, onPick }: PickerProps) {
  const { label, all } = KINDS.find((one) => one.kind === kind)!;
  const [text, setText] = useState("");
  const settled = useSettled(picked ? "" : text.trim());
  const { data = [], error, isFetching } = useResources(kind, settled);
  const found = settled === "" ? [] : data;
  const choices = [
    ...(text.trim() === "" || picked ? [{ value: "*", label: all }] : []),
    ...found.map((item) => ({ value: item.id, label: item.label, note: kind === "experiment" ? item.id : undefined })),
  ];
  return (
    <Picker
      label={label}
      placeholder="A part of its name"
      choices={choices}
      text={picked?.label ?? text}
      onType={(next) => {
        setText(next);
        onPick(undefined);
      }}
      onPick={(choice) => {
        setText("");
        onPick(choice);
      }}
      waiting={isFetching || settled !== text.trim()}
      problem={error?.message}
    />
  );
}

/** A text once it was left alone for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
