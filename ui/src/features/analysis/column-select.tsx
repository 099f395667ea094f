import { kindOf, labelOf } from "../../lib/columns";

interface Props {
  label: string;
  columns: readonly string[];
  /** Empty where choosing is an act of its own. */
  chosen: string;
  /** Another choice than a column, as its name. */
  none?: string;
  onChoose: (column: string) => void;
}

const GROUPS = [
  ["metrics", "Metrics"],
  ["params", "Params"],
  ["attributes", "Facts"],
] as const;

/** A choice among metrics and params. */
export function ColumnSelect({ label, columns, chosen, none, onChoose }: Props) {
  const act = chosen === "" && none === undefined;
  return (
    <label className="column-select">
      {!act && <span>{label}</span>}
      <select
        className="field"
        aria-label={label}
        value={chosen}
        disabled={columns.length === 0}
        onChange={(event) => (act && event.target.value === "" ? undefined : onChoose(event.target.value))}
      >
        {act && <option value="">{label}…</option>}
        {none !== undefined && <option value="">{none}</option>}
        {GROUPS.map(([kind, title]) => {
          const inside = columns.filter((column) => kindOf(column) === kind);
          if (inside.length === 0) return null;
          return (
            <optgroup key={kind} label={title}>
              {inside.map((column) => (
                <option key={column} value={column}>
                  {labelOf(column)}
                </option>
              ))}
            </optgroup>
          );
        })}
      </select>
    </label>
  );
}
