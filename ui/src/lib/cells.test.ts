import { expect, test } from "vitest";
import { type Cell, comparePlaces, placeOf, toFinite, toNumber } from "./cells";

const sorted = (cells: Cell[], descending = false) =>
  [...cells].sort((a, b) => comparePlaces(placeOf(a), placeOf(b), descending));

test("numbers logged as text sort as numbers", () => {
  expect(sorted(["10", "0.001", "1e-5"])).toEqual(["1e-5", "0.001", "10"]);
});

test("what is no number stands after the numbers, NaN and nothing last either way", () => {
  expect(sorted([null, "NaN", "adam", 3, "Infinity", 1])).toEqual([1, 3, "Infinity", "adam", "NaN", null]);
  expect(sorted([null, "NaN", 3, "Infinity", 1], true)).toEqual(["Infinity", 3, 1, "NaN", null]);
});

test("digits in texts sort by value", () => {
  expect(sorted(["run10", "run9", "Run1"])).toEqual(["Run1", "run9", "run10"]);
});

test("a cell is a number, a text, or nothing", () => {
  expect(toNumber("-Infinity")).toBe(Number.NEGATIVE_INFINITY);
  expect(toNumber("")).toBeUndefined();
  expect(toNumber("0x10")).toBeUndefined();
  expect(toFinite("NaN")).toBeUndefined();
  expect(toFinite(" 1e-3 ")).toBe(0.001);
});
