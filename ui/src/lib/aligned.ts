import { toNumber } from "./cells";
import type { RawCurve } from "./curves";
import { evaluate, type Formula, metricsOf } from "./formula";

/** The values of a curve by step; where a step was logged more than once, the last. */
export function byStep(curve: RawCurve): Map<number, number> {
  return new Map(curve.steps.map((step, index) => [step, toNumber(curve.values[index]) ?? Number.NaN]));
}

/**
 * A formula over the metrics of one run, as a curve under the formula's text: a point at every step where all its
 * metrics have one. Undefined where the run lacks one of the metrics.
 */
export function formulaCurve(text: string, formula: Formula, curves: readonly RawCurve[]): RawCurve | undefined {
  const keys = metricsOf(formula);
  const parts = keys.map((key) => curves.find((curve) => curve.key === key));
  if (parts.length === 0 || parts.some((part) => part === undefined)) return undefined;
  const whole = parts as RawCurve[];
  const [first, ...others] = whole.map(byStep) as [Map<number, number>, ...Array<Map<number, number>>];
  const steps = [...first.keys()].filter((step) => others.every((other) => other.has(step)));
  const columns = new Map(keys.map((key, place) => [key, column([first, ...others][place]!, steps)]));
  const times = new Map(whole[0]!.timestamps.map((time, index) => [whole[0]!.steps[index]!, time]));
  const thinned = whole.some((part) => part.count > part.steps.length);
  return {
    run_id: whole[0]!.run_id,
    key: text,
    count: thinned ? Math.max(...whole.map((part) => part.count)) : steps.length,
    steps,
    timestamps: times.size > 0 ? steps.map((step) => times.get(step)!) : [],
    values: [...evaluate(formula, columns, steps.length)],
  };
}

function column(values: ReadonlyMap<number, number>, steps: readonly number[]): Float64Array {
  return Float64Array.from(steps, (step) => values.get(step)!);
}
