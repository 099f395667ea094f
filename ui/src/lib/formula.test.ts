import { expect, test } from "vitest";
import { evaluate, type Formula, FormulaError, formatFormula, metricsOf, parseFormula } from "./formula";

const KNOWN = ["loss", "val_loss", "train/loss", "train", "acc", "a-b", "log", "2nd acc"];

function value(text: string, metrics: Record<string, number> = {}): number {
  const columns = new Map(Object.entries(metrics).map(([key, one]) => [key, Float64Array.of(one)]));
  return evaluate(parseFormula(text, KNOWN), columns, 1)[0]!;
}

test.each([
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["2 ^ 3 ^ 2", 512],
  ["2 ** 3", 8],
  ["-2 ^ 2", -4],
  ["2 ^ -1", 0.5],
  ["8 - 3 - 2", 3],
  ["8 / 4 / 2", 1],
  ["--3", 3],
  ["1.5e3 - .5", 1499.5],
  ["max(1, min(5, 3)) + abs(-2)", 5],
  ["log(exp(2)) + log10(100) + log2(8) + sqrt(9)", 10],
])("%s is %d", (text, result) => {
  expect(value(text)).toBeCloseTo(result, 12);
});

test("metrics are named as they are, the longest name first", () => {
  const metrics = { loss: 3, val_loss: 1, "train/loss": 8, train: 12, "a-b": 5, log: 7, "2nd acc": 2 };
  expect(value("loss - val_loss", metrics)).toBe(2);
  expect(value("train/loss", metrics)).toBe(8);
  expect(value("train / loss", metrics)).toBe(4);
  expect(value("`train`/`loss`", metrics)).toBe(4);
  expect(value('a-b + "a-b"', metrics)).toBe(10);
  expect(value("log + log(1)", metrics)).toBe(7);
  expect(value("2nd acc * 2", metrics)).toBe(4);
  expect(metricsOf(parseFormula("loss / loss + acc", KNOWN))).toEqual(["loss", "acc"]);
});

test.each([
  ["", 0, 1, "empty"],
  ["loss -", 6, 7, "missing at the end"],
  ["loss + los", 7, 10, "No metric is called los"],
  ["`los`", 0, 5, "There is train/loss, val_loss, loss."],
  ["lossy", 0, 5, "No metric is called lossy"],
  ["loss acc", 5, 8, "operator is missing before acc"],
  ["(loss", 5, 6, "closing bracket"],
  ["loss)", 4, 5, "before )"],
  ["sine(loss)", 0, 4, "no function sine"],
  ["min(loss)", 0, 3, "takes 2, not 1"],
  ["loss $ 2", 5, 6, "$ has no meaning"],
  ["* 2", 0, 1, "missing before *"],
])("%j is refused at its place", (text, start, end, message) => {
  const caught = (() => {
    try {
      return parseFormula(text, KNOWN);
    } catch (error) {
      return error;
    }
  })();
  expect(caught).toBeInstanceOf(FormulaError);
  expect(caught).toMatchObject({ start, end });
  expect((caught as Error).message).toContain(message);
});

test("the best so far passes over what is no number", () => {
  const acc = Float64Array.of(Number.NaN, 2, 1, Number.NaN, 5, 4);
  const metrics = new Map([["acc", acc]]);
  expect([...evaluate(parseFormula("cummax(acc)", KNOWN), metrics, 6)]).toEqual([Number.NaN, 2, 2, 2, 5, 5]);
  expect([...evaluate(parseFormula("cummin(acc)", KNOWN), metrics, 6)]).toEqual([Number.NaN, 2, 1, 1, 1, 1]);
});

/** The same numbers for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function grow(random: () => number, depth: number): { tree: Formula; result: number } {
  const pick = Math.floor(random() * (depth > 0 ? 6 : 2));
  const names = ["loss", "train/loss", "a-b"];
  const values = [0.5, -2, 7];
  if (pick === 0) {
    const number = Math.round(random() * 1000) / 8;
    return { tree: { kind: "number", value: number }, result: number };
  }
  if (pick === 1) {
    const which = Math.floor(random() * names.length);
    return { tree: { kind: "metric", key: names[which]! }, result: values[which]! };
  }
  const left = grow(random, depth - 1);
  if (pick === 2) return { tree: { kind: "call", name: "neg", parts: [left.tree] }, result: -left.result };
  const right = grow(random, depth - 1);
  const parts = [left.tree, right.tree];
  if (pick === 3) return { tree: { kind: "call", name: "max", parts }, result: Math.max(left.result, right.result) };
  if (pick === 4) return { tree: { kind: "call", name: "-", parts }, result: left.result - right.result };
  return { tree: { kind: "call", name: "/", parts }, result: left.result / right.result };
}

const METRICS = new Map([
  ["loss", Float64Array.of(0.5)],
  ["train/loss", Float64Array.of(-2)],
  ["a-b", Float64Array.of(7)],
]);

test("any formula reads as itself again and has the value of its parts", () => {
  const random = chance(7);
  for (let round = 0; round < 500; round += 1) {
    const { tree, result } = grow(random, 5);
    const text = formatFormula(tree);
    expect(parseFormula(text, KNOWN)).toEqual(tree);
    expect(evaluate(tree, METRICS, 1)[0]).toBe(result);
  }
});

test("whatever is typed, the answer is a formula or an error within the text", () => {
  const random = chance(11);
  const pieces = [
    "loss",
    "train/loss",
    " ",
    "+",
    "-",
    "*",
    "/",
    "^",
    "(",
    ")",
    ",",
    "log",
    "1",
    ".5",
    "`",
    '"',
    "é",
    "e",
  ];
  for (let round = 0; round < 3000; round += 1) {
    const length = Math.floor(random() * 9);
    const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join("");
    try {
      parseFormula(text, KNOWN);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      expect(error.start).toBeGreaterThanOrEqual(0);
      expect(error.end).toBeLessThanOrEqual(text.length + 1);
    }
  }
});
