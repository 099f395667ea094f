import type { FormulaError } from "../../lib/formula";

/** A formula with what is wrong underlined at its place, and why. */
export function FormulaProblem({ text, problem }: { text: string; problem: FormulaError }) {
  const { start, end, message } = problem;
  return (
    <p className="formula-problem" role="alert">
      <code>
        {text.slice(0, start)}
        <mark>{text.slice(start, end) || "\u00a0"}</mark>
        {text.slice(end)}
      </code>
      <span>{message}</span>
    </p>
  );
}
