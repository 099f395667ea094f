import { expect, test } from "vitest";
import type { Cell } from "../lib/cells";
import { plotAxis } from "../lib/plot-axes";
import { layParallel, placesOf, readableTicks, wantedBetween } from "./parallel-layout";

function axis(cells: Cell[], flipped = false) {
  const frame = { runIds: cells.map(String), columns: new Map([["params.x", cells]]) };
  return plotAxis(frame, { column: "params.x", scale: undefined, flipped });
}

test("axes fill the box, and keep a least distance in a small one", () => {
  const axes = [axis([1, 2]), axis([1, 2]), axis([1, 2])];
  expect(layParallel(axes, { width: 1000, height: 300 }).lines.xs).toEqual([24, 500, 976]);
  expect(layParallel(axes, { width: 100, height: 300 }).width).toBeGreaterThan(250);
});

test("runs without a value pass below all values; there is no such place where none is needed", () => {
  const { lines, bottom, missing } = layParallel([axis([1, 2, null])], { width: 400, height: 300 });
  expect(lines.ys[0]![2]).toBe(missing);
  expect(missing).toBeGreaterThan(bottom);
  expect(layParallel([axis([1, 2])], { width: 400, height: 300 }).missing).toBeUndefined();
});

test("a brushed stretch asks for its values, and its ends for the extremes themselves", () => {
  expect(wantedBetween(axis([0, 10]), 0.25, 0.5)).toEqual({ low: 2.5, high: 5 });
  expect(wantedBetween(axis([1.23456789e-5, 0.1, 3e-5, 2e-5]), -0.1, 1.1)).toEqual({ low: 1.23456789e-5, high: 0.1 });
  expect(wantedBetween(axis([0, 10], true), 1.2, 0.8)).toEqual({ low: 0, high: 2 });
  expect(wantedBetween(axis(["a", "b", "c"]), 0.4, 1)).toEqual({ values: ["b", "c"] });
});

test("what is wanted is shown where it was brushed", () => {
  const numbers = axis([0, 10], true);
  expect(placesOf(numbers, wantedBetween(numbers, 0.25, 0.75))).toEqual([[0.25, 0.75]]);
  expect(placesOf(axis(["a", "b", "c"]), { values: ["a", "c"] })).toHaveLength(2);
});

test("labels never overlap: of many ticks some are named", () => {
  const ticks = Array.from({ length: 100 }, (_, at) => ({ place: at / 99, label: String(at) }));
  expect(readableTicks(ticks, 300).length).toBeLessThanOrEqual(23);
  expect(readableTicks(ticks.slice(0, 5), 300)).toHaveLength(5);
});
