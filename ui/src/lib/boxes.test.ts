import { expect, test } from "vitest";
import { boxesOf, isGrouping, jitter, quantile } from "./boxes";
import type { Cell } from "./cells";
import { plotAxis } from "./plot-axes";

function axis(cells: Cell[]) {
  const frame = { runIds: cells.map(String), columns: new Map([["metrics.x", cells]]) };
  return plotAxis(frame, { column: "metrics.x", scale: undefined, flipped: false });
}

// Values of numpy.quantile([1, 2, 4, 8], [0.25, 0.5, 0.75]).
test("quantiles are those of NumPy", () => {
  expect([0.25, 0.5, 0.75].map((share) => quantile([1, 2, 4, 8], share))).toEqual([1.75, 3, 5]);
  expect(quantile([7], 0.25)).toBe(7);
});

test("groups come in the order people expect, those without a value last, every point in one", () => {
  const values = axis([1, 2, 3, 4, "NaN", 5]);
  const boxes = boxesOf(["10", "9", null, "9", "9", "10"], values, [0, 1, 2, 3, 4, 5]);
  expect(boxes.map((box) => [box.group, box.rows, box.median])).toEqual([
    ["9", [1, 3], 3],
    ["10", [0, 5], 3],
    ["not logged", [2], 3],
  ]);
});

test("whiskers end at the last value within reach; what is farther out stays a point", () => {
  const [box] = boxesOf(new Array<Cell>(6).fill("a"), axis([1, 2, 3, 4, 5, 100]), [0, 1, 2, 3, 4, 5]);
  expect([box!.low, box!.high]).toEqual([1, 5]);
});

test("columns with few values make groups, others do not", () => {
  expect(isGrouping(["a", "b", null, "a", "b"])).toBe(true);
  expect(isGrouping(["a", "b", "c"])).toBe(false);
  expect(isGrouping(["a", "a"])).toBe(false);
  expect(isGrouping(Array.from({ length: 30 }, (_, at) => at))).toBe(false);
});

test("points of a group stand apart, always in the same place", () => {
  expect(jitter(3)).toBe(jitter(3));
  expect(new Set([0, 1, 2, 3, 4].map(jitter)).size).toBe(5);
});
