import "../styles/levels.css";
import type { KeyboardEvent } from "react";
import { type GrantedOn, type Level, levelsOn } from "../lib/levels";
import { Icon } from "./icons";
import { Popover } from "./popover";

interface Props {
  /** What is chosen for whom: "What ada may do". */
  label: string;
  level: string;
  what: GrantedOn;
  onLevel: (level: Level) => void;
}

/** A button with a level, and a menu of all levels with what each allows. */
export function LevelPicker({ label, level, what, onLevel }: Props) {
  return (
    <Popover
      className="button level-button"
      label={`${label}: ${level}`}
      button={
        <>
          <LevelWord level={level} />
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <div role="menu" aria-label={label} className="level-menu" onKeyDown={walk}>
          {levelsOn(what).map((one) => (
            <button
              key={one.level}
              type="button"
              role="menuitemradio"
              aria-checked={one.level === level}
              className="menu-item"
              onClick={() => {
                close();
                if (one.level !== level) onLevel(one.level);
              }}
            >
              <LevelWord level={one.level} />
              <span className="muted">{one.meaning}</span>
              {one.level === level && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

/** A level by its name, NO_PERMISSIONS in words. */
export function LevelWord({ level }: { level: string }) {
  return <span className={`level level-${level.toLowerCase()}`}>{level === "NO_PERMISSIONS" ? "nothing" : level}</span>;
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Arrows go from one item to the next. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const place = items.indexOf(document.activeElement as HTMLElement);
  items[(place + step + items.length) % items.length]?.focus();
}
