import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
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
    setText(next);
    setChosen(-1);
    setCaret(at);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const step = (move: number) => setChosen((chosen + move + options.length + 1) % (options.length + 1));
  const accept = () => {
    const option = options[chosen];
    if (option !== undefined) return take(option);
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
  const located = problemShown({ problem, text, query, caret });
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
        <p id={hint} className="filter-error" role="alert">
          {located.message}
        </p>
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
