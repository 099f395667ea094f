import { expect, test } from "vitest";
import { nearestLine, oddMark, stretches } from "./chart-lines";

test("a line is drawn in stretches between values that have no place", () => {
  expect(stretches(Float64Array.of(1, 2, Number.NaN, 3, Number.POSITIVE_INFINITY, -1, 4), false)).toEqual([
    [0, 2],
    [3, 4],
    [5, 7],
  ]);
  expect(stretches(Float64Array.of(1, 0, 4), true)).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(stretches(new Float64Array(), false)).toEqual([]);
});

test("each value that is not finite has its mark", () => {
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(values.map(oddMark)).toEqual([undefined, "nan", "up", "down"]);
});

test("the nearest line within reach is found", () => {
  const tops = [10, undefined, 14, Number.NaN];
  const find = (top: number) => nearestLine([0, 1, 2, 3], (line) => tops[line], top, 8);
  expect([find(9), find(12.5), find(21.9), find(22)]).toEqual([0, 2, 2, undefined]);
});
