import { expect, test } from "vitest";
import type { Cell } from "./cells";
import { progressInWords, trialsOf } from "./progress";

const frame = {
  runIds: ["c", "b", "a", "d"],
  columns: new Map<string, Cell[]>([
    ["attributes.start_time", [3, 2, 1, 4]],
    ["metrics.acc", [0.4, 0.7, 0.5, "NaN"]],
  ]),
};

test("trials come in the order of their start, each with the best up to then", () => {
  const trials = trialsOf(frame, "metrics.acc", "max");
  expect(trials.map(({ row, number, best, improved }) => [row, number, best, improved])).toEqual([
    [2, 1, 0.5, true],
    [1, 2, 0.7, true],
    [0, 3, 0.7, false],
    [3, 4, 0.7, false],
  ]);
  expect(trialsOf(frame, "metrics.acc", "min").at(-1)!.best).toBe(0.4);
});

test("how a search went is told in words", () => {
  const words = (direction: "min" | "max") => progressInWords(trialsOf(frame, "metrics.acc", direction), "acc", String);
  expect(words("max")).toBe("The best acc, 0.7, came with trial 2 of 4, 2 trials ago.");
  expect(words("min")).toBe("The best acc, 0.4, came with trial 3 of 4, one trial ago.");
  expect(progressInWords([], "acc", String)).toBe("No trial has a value of acc yet.");
});
