import { type FormEvent, useId, useState } from "react";
import type { RegisteredModelAlias } from "../../api/generated";
import { Dialog } from "../../components/dialog";
import { FormFailure } from "../../components/states";
import { mainAlias } from "../../lib/models";
import { GateVerdict, isRefusal } from "./gate-outcomes";
import { useAliasMoves } from "./use-alias-moves";

export interface AliasChoice {
  /** The version that gets an alias, or the alias that gets a version; what is missing is asked for. */
  version?: string;
  alias?: string;
}

interface Props extends AliasChoice {
  name: string;
  versions: string[];
  aliases: RegisteredModelAlias[];
  /** What gates guard: aliases with their `@`, stages. */
  guarded: string[];
  /** Protected aliases that the reader may not move. */
  locked: readonly string[];
  onClose: () => void;
}

/** The alias that is offered first: the main one, if it does not stand for the version already. */
function firstAlias(aliases: RegisteredModelAlias[], version: string | undefined): string {
  const others = aliases.filter((one) => one.version !== version);
  return mainAlias(others)?.alias ?? (aliases.length === 0 ? "champion" : "");
}

/** Sets or moves an alias. What its gate would say is told before it is asked. */
export function AliasDialog({ name, versions, aliases, guarded, locked, onClose, ...choice }: Props) {
  const open = aliases.filter((one) => !locked.includes(one.alias));
  const [alias, setAlias] = useState(choice.alias ?? firstAlias(open, choice.version));
  const present = aliases.find((one) => one.alias === alias)?.version;
  const [version, setVersion] = useState(choice.version ?? versions.find((one) => one !== present) ?? "");
  const [note, setNote] = useState("");
  const [error, setError] = useState<Error>();
  const moves = useAliasMoves(name);
  const known = useId();
  const isLocked = locked.includes(alias);
  const gated = guarded.includes(`@${alias}`) && version !== "";
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      await moves.move({ alias, version, from: present, note });
      onClose();
    } catch (failure) {
      if (!(failure instanceof Error)) throw failure;
      setError(failure);
    }
  };
  const told = error !== undefined && !(isRefusal(error) && gated);
  return (
    <Dialog title={choice.alias ? `Move @${choice.alias}` : `Alias for version ${version}`} onClose={onClose}>
      <form className="form" onSubmit={(event) => void send(event)}>
        {!choice.alias && (
          <label>
            Alias
            <input
              className="field"
              list={known}
              value={alias}
              maxLength={255}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setAlias(event.target.value.replace(/^@/, "").trim())}
            />
            <datalist id={known}>
              {open.map((one) => (
                <option key={one.alias} value={one.alias}>{`stands for version ${one.version}`}</option>
              ))}
            </datalist>
          </label>
        )}
        {!choice.version && (
          <label>
            Version
            <select className="button select" value={version} onChange={(event) => setVersion(event.target.value)}>
              {versions.map((one) => (
                <option key={one} value={one}>
                  {one === present ? `${one} (now)` : one}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Why (kept in its history)
          <input className="field" value={note} maxLength={1000} onChange={(event) => setNote(event.target.value)} />
        </label>
        <p className="muted" role="status">
          {isLocked
            ? `@${alias} is protected: only who manages ${name} moves it. Ask one of them, or choose another alias.`
            : whatHappens(alias, version, present)}
        </p>
        {gated && !isLocked && (
          <GateVerdict target={{ name, version, alias }} refused={error !== undefined && isRefusal(error)} />
        )}
        {told && <FormFailure error={error} />}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={moves.pending || isLocked || alias === "" || version === "" || present === version}
          >
            {present === undefined ? "Set" : "Move"} alias
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function whatHappens(alias: string, version: string, present: string | undefined): string {
  if (alias === "") return "Name the alias: letters, digits, - and _.";
  if (present === undefined) return `@${alias} is new.`;
  if (present === version) return `@${alias} stands for version ${version} already.`;
  return `@${alias} stands for version ${present} now and moves to ${version}.`;
}
