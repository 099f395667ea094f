import { expect, test } from "vitest";
import { byStep, formulaCurve } from "./aligned";
import type { RawCurve } from "./curves";
import { parseFormula } from "./formula";

const curve = (key: string, steps: number[], values: Array<number | string>, count = steps.length): RawCurve => ({
  run_id: "r",
  key,
  count,
  steps,
  timestamps: steps.map((step) => step * 10),
  values,
});
const loss = curve("loss", [0, 1, 2, 3], [4, 3, "NaN", 1]);
const val = curve("val", [1, 2, 3, 9], [5, 5, 5, 5]);
const formula = parseFormula("val - loss", ["val", "loss"]);

test("a formula has a point where all its metrics have one", () => {
  expect(formulaCurve("gap", formula, [loss, val])).toEqual({
    run_id: "r",
    key: "gap",
    count: 3,
    steps: [1, 2, 3],
    timestamps: [10, 20, 30],
    values: [2, Number.NaN, 4],
  });
});

test("a run without one of the metrics has no curve; a thinned metric makes a thinned formula", () => {
  expect(formulaCurve("gap", formula, [loss])).toBeUndefined();
  expect(formulaCurve("gap", parseFormula("1 + 1", []), [loss])).toBeUndefined();
  expect(formulaCurve("gap", formula, [{ ...loss, count: 900 }, val])?.count).toBe(900);
});

test("of a step logged twice the last value counts", () => {
  expect([...byStep(curve("a", [1, 1, 2], [7, 8, 9]))]).toEqual([
    [1, 8],
    [2, 9],
  ]);
});
