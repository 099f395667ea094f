import { useMemo } from "react";
import { byStep, formulaCurve } from "../../lib/aligned";
import type { Panel } from "../../lib/board-layout";
import { type Axis, axisMetric, type Line, type RawCurve, toLine } from "../../lib/curves";
import { type Formula, FormulaError, metricsOf, parseFormula } from "../../lib/formula";
import type { DrawnRun } from "./runs";

/** What a panel is made of. */
export interface Source {
  id: string;
  formula: Formula | undefined;
  /** What is wrong with the formula. */
  problem: FormulaError | undefined;
  /** The metrics to read, that of the x axis too. */
  keys: string[];
}

function parsed(text: string, known: readonly string[]): Pick<Source, "formula" | "problem"> {
  try {
    return { formula: parseFormula(text, known), problem: undefined };
  } catch (error) {
    if (error instanceof FormulaError) return { formula: undefined, problem: error };
    throw error;
  }
}

export function useSource(panel: Panel, axis: Axis, known: readonly string[]): Source {
  const { id, formula } = panel;
  return useMemo(() => sourceOf({ id, formula }, axis, known), [id, formula, axis, known]);
}

/** What a panel is made of, where the metrics there are known. */
export function sourceOf(
  { id, formula: text }: Pick<Panel, "id" | "formula">,
  axis: Axis,
  known: readonly string[],
): Source {
  const { formula, problem } = text === undefined ? { formula: undefined, problem: undefined } : parsed(text, known);
  const own = formula ? metricsOf(formula) : text === undefined ? [id] : [];
  const across = axisMetric(axis);
  return { id, formula, problem, keys: [...new Set(across === undefined ? own : [...own, across])] };
}

/** The lines of runs from the curves that were read for a panel. */
export function linesOf(curves: readonly RawCurve[], source: Source, axis: Axis, runs: readonly DrawnRun[]): Line[] {
  const byRun = new Map<string, RawCurve[]>();
  for (const curve of curves) byRun.set(curve.run_id, [...(byRun.get(curve.run_id) ?? []), curve]);
  const across = axisMetric(axis);
  return runs.flatMap((run): Line[] => {
    const own = byRun.get(run.id) ?? [];
    const main = source.formula
      ? formulaCurve(source.id, source.formula, own)
      : own.find((curve) => curve.key === source.id);
    if (!main) return [];
    const other = across === undefined ? undefined : own.find((curve) => curve.key === across);
    return [toLine(main, axis, run.start, other && byStep(other))];
  });
}
