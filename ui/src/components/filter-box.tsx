import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Fix, fixesOf } from "../lib/filter-fix";
import { complete, type FilterProblem, locateProblem, type Vocabulary } from "../lib/filter-text";
import { Icon } from "./icons";
import { useKeys } from "./keys";

interface Props {
  /** Its name, "Filter runs", and an example of what can be typed. */
  label: string;
  example: string;
  /** The filter in force. */
  query: string;
  /** Why it was refused, if it was. */
  problem: string | undefined;
  vocabulary: Vocabulary;
  onQuery: (query: string) => void;
}

const PAUSE = 250;

interface ProblemState {
  problem: string | undefined;
  text: string;
  query: string;
  caret: number | undefined;
}

/** The problem to mark, if it is about what stands in the box; what is missing at the end is not told while typing. */
function problemShown({ problem, text, query, caret }: ProblemState): FilterProblem | undefined {
  if (problem === undefined || text.trim() !== query) return undefined;
  const located = locateProblem(problem, query);
  return caret === text.length && located.start === query.length ? undefined : located;
}

/** A filter in the search language: completes names and values, marks the place of an error. */
export function FilterBox({ label, example, query, problem, vocabulary, onQuery }: Props) {
  const [text, setText] = useState(query);
  const [caret, setCaret] = useState<number>();
  const [chosen, setChosen] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const hint = useId();
  const [sent, setSent] = useState(query);
  if (query !== sent) {
    setSent(query);
    if (query !== text.trim()) setText(query);
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === query) return undefined;
    const timer = setTimeout(() => onQuery(wanted), PAUSE);
    return () => clearTimeout(timer);
  }, [text, query, onQuery]);
  useKeys({
    "/": (event) => {
      event.preventDefault();
      input.current?.focus();
    },
  });
  const completions = caret === undefined ? undefined : complete(text, caret, vocabulary);
  const options = completions?.options ?? [];
  const take = (option: string) => {
    if (!completions) return;
    const next = `${text.slice(0, completions.start)}${option} ${text.slice(completions.end).trimStart()}`;
    const at = completions.start + option.length + 1;
    // drawn at once: what is typed next goes behind the option, however soon it comes
    flushSync(() => {
      setText(next);
      setChosen(-1);
      setCaret(at);
    });
    input.current?.setSelectionRange(at, at);
  };
  const located = problemShown({ problem, text, query, caret });
  const fixes = located && problem !== undefined ? fixesOf(locateProblem(problem, query), query, vocabulary) : [];
  const mend = (fix: Fix) => {
    setText(fix.query);
    setCaret(undefined);
    onQuery(fix.query.trim());
    input.current?.focus();
  };
  const step = (move: number) => setChosen((chosen + move + options.length + 1) % (options.length + 1));
  const accept = () => {
    const option = options[chosen];
    if (option !== undefined) return take(option);
    if (fixes[0] && text.trim() === query) return mend(fixes[0]);
    setCaret(undefined);
    return onQuery(text.trim());
  };
  const leave = () => (caret === undefined ? input.current?.blur() : setCaret(undefined));
  const onKeyDown = (event: KeyboardEvent) => {
    const open = options.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) step(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || (event.key === "Tab" && chosen >= 0)) accept();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  };
  const follow = () => setCaret(input.current?.selectionStart ?? undefined);
  return (
    <div className="filter">
      <div className="search-line">
        <Icon name="search" />
        <input
          ref={input}
          className={located ? "field mono wrong" : "field mono"}
          role="combobox"
          aria-label={label}
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={chosen >= 0 ? `${list}-${chosen}` : undefined}
          aria-invalid={located !== undefined}
          aria-describedby={located ? hint : undefined}
          placeholder={example}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(-1);
            setCaret(event.target.selectionStart ?? undefined);
          }}
          onKeyDown={onKeyDown}
          onClick={follow}
          onFocus={follow}
          onBlur={() => setCaret(undefined)}
          onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
        />
        {located?.start !== undefined && (
          <div className="filter-marks mono" aria-hidden="true">
            <span style={{ transform: `translateX(${-scroll}px)` }}>
              {text.slice(0, located.start)}
              <mark>{text.slice(located.start, located.end) || " "}</mark>
            </span>
          </div>
        )}
        {text !== "" && (
          <button
            type="button"
            className="button quiet icon-only filter-clear"
            aria-label="Clear the filter"
            onClick={() => {
              setText("");
              onQuery("");
              input.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <OptionList id={list} options={options} chosen={chosen} onTake={take} />
      {located && (
        <div className="filter-error">
          <p id={hint} role="alert">
            {located.message}
            {fixes[0] && <span className="visually-hidden"> Press Enter for {fixes[0].label}.</span>}
          </p>
          {fixes.map((fix, place) => (
            <button key={fix.query} type="button" className="link-button mono" onClick={() => mend(fix)}>
              {fix.label}
              {place === 0 && <kbd className="kbd">Enter</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

interface OptionProps {
  id: string;
  options: string[];
  chosen: number;
  onTake: (option: string) => void;
}

function OptionList({ id, options, chosen, onTake }: OptionProps) {
  return (
    <div id={id} className="filter-options card" role="listbox" aria-label="Completions" hidden={options.length === 0}>
      {options.map((option, index) => (
        <div
          key={option}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          className="menu-item mono"
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(option)}
        >
          {option}
        </div>
      ))}
    </div>
  );
}
