import "../styles/picker.css";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Icon } from "./icons";

/** Something that can be picked; `value` tells it from the others. */
export interface Choice {
  value: string;
  label: string;
  /** Stands behind the label. */
  note?: string | undefined;
}

interface Props {
  /** Its name: "Experiment", and what stands in it while nothing is typed. */
  label: string;
  placeholder: string;
  /** What can be picked, the most likely first; the text is what was typed so far. */
  choices: Choice[];
  text: string;
  onType: (text: string) => void;
  onPick: (choice: Choice) => void;
  /** Whether more choices are on their way. */
  waiting?: boolean;
  /** Why there are no choices. */
  problem?: string | undefined;
}

/** A field that finds one of many by a part of its name: type, move with the arrows, Enter picks. */
export function Picker({ label, placeholder, choices, text, onType, onPick, waiting = false, problem }: Props) {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = Math.min(chosen, choices.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is brought into view when it changes
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const pick = (choice: Choice | undefined) => {
    if (!choice) return;
    setOpen(false);
    setChosen(0);
    onPick(choice);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      setOpen(true);
      if (open && choices.length > 0) setChosen((active + step + choices.length) % choices.length);
    } else if (event.key === "Enter" && open) pick(choices[active]);
    else if (event.key === "Escape" && open) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="picker">
      <input
        className="field"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        maxLength={250}
        value={text}
        onChange={(event) => {
          onType(event.target.value);
          setChosen(0);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <Icon name="down" />
      {open && (
        <div className="picker-list">
          <div ref={list} id={id} role="listbox" aria-label={label} className="picker-choices">
            {choices.map((choice, place) => (
              <div
                key={choice.value}
                id={`${id}-${place}`}
                role="option"
                aria-selected={place === active}
                className="picker-choice"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => pick(choice)}
              >
                <bdi className="truncate">{choice.label}</bdi>
                {choice.note && <span className="muted">{choice.note}</span>}
              </div>
            ))}
          </div>
          {(choices.length === 0 || problem) && (
            <p className={problem ? "picker-word form-error" : "picker-word muted"} role="status">
              {problem ?? (waiting ? "Looking…" : "Nothing has this in its name.")}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
