import { expect, test } from "vitest";
import type { Cell } from "./cells";
import { formatAxis, parseAxis, plotAxis, roundBetween, valueAt } from "./plot-axes";

function axis(cells: Cell[], choice: { scale?: "linear" | "log"; flipped?: boolean } = {}) {
  const frame = { runIds: cells.map((_, row) => `run${row}`), columns: new Map([["params.x", cells]]) };
  return plotAxis(frame, { column: "params.x", scale: choice.scale, flipped: choice.flipped ?? false });
}

test("numbers logged as text stand by value, from the least to the greatest", () => {
  const { kind, places, log } = axis(["2", "10", "6"]);
  expect([kind, log]).toEqual(["number", false]);
  expect([...places]).toEqual([0, 1, 0.5]);
});

test("what spans decades is log by default, what spans them evenly is not", () => {
  expect(axis(["1e-5", "1e-4", "1e-3", "1e-2", "1e-1"]).log).toBe(true);
  expect(axis([1, 250, 500, 750, 1000]).log).toBe(false);
  expect(axis([0, 1e-4, 1e-3, 1e-2, 100])).toMatchObject({ log: false, canLog: false });
  expect([...axis([1, 10, 100], { scale: "log" }).places]).toEqual([0, 0.5, 1]);
});

test("an axis that cannot be log is linear, even where log was asked for", () => {
  expect(axis([-1, 1], { scale: "log" }).log).toBe(false);
});

test("missing values, NaN and infinities have no place and are counted", () => {
  const { places, missing } = axis([1, null, "NaN", "Infinity", 2]);
  expect(missing).toBe(3);
  expect([...places].map(Number.isNaN)).toEqual([false, true, true, true, false]);
});

test("words make categories, in the order people expect, each with its label", () => {
  const { kind, ticks, places } = axis(["sgd", "adam", null, "adam", "layer10", "layer2"]);
  expect(kind).toBe("category");
  expect(ticks.map((tick) => tick.label)).toEqual(["adam", "layer2", "layer10", "sgd"]);
  expect(places[0]).toBe(1);
  expect(places[2]).toBeNaN();
});

test("a word among a few numbers is a category beside them; among many different numbers it has no place", () => {
  expect(axis(["5", "10", "None"]).ticks.map((tick) => tick.label)).toEqual(["5", "10", "None"]);
  const many = axis([...Array.from({ length: 50 }, (_, at) => at / 7), "auto"]);
  expect([many.kind, many.missing]).toEqual(["number", 1]);
});

test("a turned axis runs the other way, and places lead back to values", () => {
  const turned = axis([1, 10, 100], { scale: "log", flipped: true });
  expect([...turned.places]).toEqual([1, 0.5, 0]);
  expect(valueAt(turned, 0)).toBeCloseTo(100);
  expect(valueAt(axis([0, 4]), 0.25)).toBe(1);
});

test("equal values stand in the middle, with one tick", () => {
  const { places, ticks } = axis([3, 3]);
  expect([...places]).toEqual([0.5, 0.5]);
  expect(ticks).toEqual([{ place: 0.5, label: "3" }]);
});

test("log axes have ticks at powers of ten, and between them where there are few", () => {
  expect(axis([0.001, 0.01, 1], { scale: "log" }).ticks.map((tick) => tick.label)).toEqual([
    "0.001",
    "0.01",
    "0.1",
    "1",
  ]);
  expect(axis([1, 20], { scale: "log" }).ticks.map((tick) => tick.label)).toEqual(["1", "2", "5", "10", "20"]);
});

test("choices read back as they were written", () => {
  for (const text of ["params.lr", "-params.lr", "log:metrics.val/loss", "-linear:params.a:b"]) {
    expect(formatAxis(parseAxis(text)!)).toBe(text);
  }
  expect(parseAxis("nonsense")).toBeUndefined();
});

test("a number is rounded to what its range needs", () => {
  expect(roundBetween(0.123456789, 0, 1)).toBe(0.1235);
  expect(roundBetween(100000.12345678, 100000, 100001)).toBe(100000.1235);
});
