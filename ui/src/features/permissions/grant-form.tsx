import { type FormEvent, useId, useState } from "react";
import type { ResourceGrant } from "../../api/generated";
import { type Resource, useGrantWrite, useGroupNames, useUserNames } from "../../api/permissions";
import { LevelPicker } from "../../components/level-picker";
import { FormFailure } from "../../components/states";
import { tell } from "../../components/toast";
import { type Level, levelsOn } from "../../lib/levels";

const MOST_OFFERED = 1000;
const KINDS = { user: "User", group: "Group" } as const;
type Kind = keyof typeof KINDS;

/** Grants something to a user or a group, by their names. */
export function GrantForm({ on, grants }: { on: Resource; grants: ResourceGrant[] }) {
  const [kind, setKind] = useState<Kind>("user");
  const [name, setName] = useState("");
  const [level, setLevel] = useState<Level>("READ");
  const [touched, setTouched] = useState(false);
  const grant = useGrantWrite("setResourceGrant");
  const known = useId();
  const users = useUserNames(touched && kind === "user");
  const groups = useGroupNames(touched && kind === "group");
  const offered = kind === "user" ? users : groups;
  const given = name.trim();
  const present = grants.find((one) => given !== "" && (kind === "user" ? one.username : one.role_name) === given);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const to = kind === "user" ? { username: given } : { role_name: given };
    try {
      await grant.mutateAsync({ resource_type: on.kind, resource_id: on.id, ...to, permission: level });
    } catch {
      return; // the failure is shown below the fields
    }
    tell(`${kind === "user" ? given : `group ${given}`} has ${level} here now.`);
    setName("");
  };
  return (
    <form className="grant-form" aria-label="Grant" onSubmit={(event) => void send(event)}>
      <fieldset className="segments" aria-label="Grant to">
        {Object.entries(KINDS).map(([value, label]) => (
          <button key={value} type="button" aria-pressed={kind === value} onClick={() => setKind(value as Kind)}>
            {label}
          </button>
        ))}
      </fieldset>
      <input
        className="field"
        aria-label={`Name of the ${kind}`}
        placeholder={`Name of a ${kind}`}
        list={known}
        value={name}
        maxLength={250}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setTouched(true)}
        onChange={(event) => {
          setName(event.target.value);
          grant.reset();
        }}
      />
      <datalist id={known}>
        {offered.slice(0, MOST_OFFERED).map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <LevelPicker label="What they may do" level={level} what={on.kind} onLevel={setLevel} />
      <button type="submit" className="button primary" disabled={given === "" || grant.isPending}>
        Grant
      </button>
      <p className="muted" role="status">
        {level} allows: {levelsOn(on.kind).find((one) => one.level === level)?.meaning}.
        {present && ` It takes the place of ${present.permission}, which ${given} has here.`}
      </p>
      {grant.error && <FormFailure error={grant.error} />}
    </form>
  );
}
