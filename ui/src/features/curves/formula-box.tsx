import { type FormEvent, useMemo, useState } from "react";
import { FormulaError, parseFormula } from "../../lib/formula";
import { FormulaProblem } from "./formula-problem";

interface Props {
  /** The formula to change; empty for a new one. */
  first: string;
  known: readonly string[];
  onFormula: (text: string) => void;
}

const EXAMPLE_METRIC = "loss";

/** Where a formula is written; what is wrong is shown at its place before it is drawn. */
export function FormulaBox({ first, known, onFormula }: Props) {
  const [text, setText] = useState(first);
  const [asked, setAsked] = useState(false);
  const problem = useMemo(() => problemOf(text, known), [text, known]);
  const example = known[0] ?? EXAMPLE_METRIC;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!problem) onFormula(text.trim());
  };
  return (
    <form className="formula-box" onSubmit={onSubmit}>
      <input
        className="field mono"
        aria-label="Formula over metrics"
        placeholder={`log(${example})`}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button primary">
        Draw
      </button>
      {problem && (asked || !problem.message.includes("missing at the end")) && text.trim() !== "" && (
        <FormulaProblem text={text} problem={problem} />
      )}
      <p className="muted">
        + - * / ^, log, log2, log10, exp, sqrt, abs, min, max, cummin, cummax (best so far). Put names that read as
        something else into backticks.
      </p>
    </form>
  );
}

function problemOf(text: string, known: readonly string[]): FormulaError | undefined {
  try {
    parseFormula(text, known);
    return undefined;
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
}
