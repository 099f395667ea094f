import { type InputHTMLAttributes, useEffect, useId, useState } from "react";
import { useAuditActions } from "../../api/admin";
import { type AuditFilter, REFUSED } from "../../lib/audit";

interface Props {
  filter: AuditFilter;
  onFilter: (change: Partial<AuditFilter>) => void;
}

const OUTCOMES = [
  { value: "", label: "Done or refused" },
  { value: "done", label: "Done" },
  { value: REFUSED, label: "Refused" },
  { value: "PERMISSION_DENIED", label: "Refused: not allowed" },
  { value: "UNAUTHENTICATED", label: "Refused: wrong login" },
];

/** By what entries are found: equal in all that is given. */
export function AuditFilters({ filter, onFilter }: Props) {
  const { data: actions = [] } = useAuditActions();
  const offered = filter.action && !actions.includes(filter.action) ? [filter.action, ...actions] : actions;
  const outcomes = OUTCOMES.some((one) => one.value === filter.outcome)
    ? OUTCOMES
    : [...OUTCOMES, { value: filter.outcome, label: filter.outcome }];
  const [more, setMore] = useState(false);
  const first = { ...filter, actor: "", action: "" };
  const folded = !more && Object.values(first).every((part) => part === "");
  return (
    <search className={folded ? "audit-filters folded" : "audit-filters"} aria-label="Find entries">
      <TextFilter
        label="Who"
        placeholder="name of a user"
        text={filter.actor}
        onType={(actor) => onFilter({ actor })}
      />
      <label>
        Action
        <select className="field" value={filter.action} onChange={(event) => onFilter({ action: event.target.value })}>
          <option value="">Any</option>
          {offered.map((action) => (
            <option key={action}>{action}</option>
          ))}
        </select>
      </label>
      <TextFilter
        label="On what"
        placeholder="experiment 3"
        text={filter.resource}
        onType={(resource) => onFilter({ resource })}
      />
      <label>
        Outcome
        <select
          className="field"
          value={filter.outcome}
          onChange={(event) => onFilter({ outcome: event.target.value })}
        >
          {outcomes.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <TextFilter
        label="Address"
        placeholder="10.0.0.7"
        text={filter.address}
        onType={(address) => onFilter({ address })}
      />
      <TextFilter label="Since" type="datetime-local" text={filter.since} onType={(since) => onFilter({ since })} />
      <TextFilter label="Until" type="datetime-local" text={filter.until} onType={(until) => onFilter({ until })} />
      {folded && (
        <button type="button" className="button narrow-only" onClick={() => setMore(true)}>
          More filters
        </button>
      )}
    </search>
  );
}

const PAUSE = 350;

interface TextProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  label: string;
  text: string;
  onType: (text: string) => void;
}

/** A field whose text counts once it was left alone for a moment. */
function TextFilter({ label, text, onType, type = "text", ...rest }: TextProps) {
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  const id = useId();
  if (text !== known) {
    setKnown(text);
    setTyped(text);
  }
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === text) return undefined;
    const timer = setTimeout(() => onType(wanted), PAUSE);
    return () => clearTimeout(timer);
  }, [typed, text, onType]);
  return (
    <div className="audit-filter">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        type={type}
        className="field"
        maxLength={500}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
