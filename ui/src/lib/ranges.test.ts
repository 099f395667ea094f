import { expect, test } from "vitest";
import type { Cell } from "./cells";
import { bothFilters, formatRanges, parseRanges, rowsWithin, type Wanted, withRange } from "./ranges";

const ranges = new Map<string, Wanted>([
  ["params.lr", { low: 1e-7, high: 0.001 }],
  ["params.opt", { values: ["adam"] }],
  ["metrics.val/loss", { low: -2.5, high: 4 }],
  ["params.name of it", { values: ["it's", "a, b) and c"] }],
]);

test("ranges are a filter that people can read, and read back", () => {
  expect(formatRanges(new Map([["params.lr", { low: 0.001, high: 0.1 }]]))).toBe(
    "params.lr >= 0.001 and params.lr <= 0.1",
  );
  expect(parseRanges(formatRanges(ranges))).toEqual(ranges);
  expect(parseRanges("")).toEqual(new Map());
});

test("filters that are no ranges are refused whole", () => {
  for (const text of [
    "params.lr > 1",
    "params.lr >= 1 or params.lr <= 0",
    "nonsense",
    "params.lr >= 1 params.x <= 2",
    "(params.a = 'x' or params.b = 'y')",
  ]) {
    expect(parseRanges(text)).toBeUndefined();
  }
});

test("rows must meet every range; missing values, NaN and infinities meet none", () => {
  const columns = new Map<string, Cell[]>([
    ["params.lr", ["0.1", "0.5", null, "0.2", "0.3"]],
    ["metrics.acc", [1, 1, 1, "NaN", 0.5]],
    ["params.opt", ["adam", "sgd", "adam", "adam", "sgd"]],
  ]);
  const frame = { runIds: ["a", "b", "c", "d", "e"], columns };
  const rows = (text: string) => [...rowsWithin(frame, parseRanges(text)!)];
  expect(rows("params.lr >= 0.1 and params.lr <= 0.3")).toEqual([0, 3, 4]);
  expect(rows("params.lr >= 0.1 and params.lr <= 0.3 and metrics.acc >= 0.5 and metrics.acc <= 2")).toEqual([0, 4]);
  expect(rows("(params.opt = 'sgd' or params.opt = 'rmsprop')")).toEqual([1, 4]);
  expect(rows("")).toEqual([0, 1, 2, 3, 4]);
});

test("a range is changed and taken out", () => {
  const one = withRange(new Map(), "params.lr", { low: 1, high: 2 });
  expect(formatRanges(withRange(one, "params.lr", { low: 1, high: 3 }))).toBe("params.lr >= 1 and params.lr <= 3");
  expect(withRange(one, "params.lr", undefined).size).toBe(0);
  expect(withRange(one, "params.lr", { values: [] }).size).toBe(0);
});

test("filters are joined, with parentheses only where they are needed", () => {
  expect(bothFilters("", "a = 1")).toBe("a = 1");
  expect(bothFilters("a = 1 or b = 2", "c >= 3")).toBe("(a = 1 or b = 2) and c >= 3");
});
