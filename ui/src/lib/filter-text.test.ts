import { expect, test } from "vitest";
import { complete, locateProblem, type Vocabulary } from "./filter-text";

const vocabulary: Vocabulary = {
  names: ["metrics.accuracy", "metrics.`val/loss`", "params.optimizer", "attributes.status"],
  values: (name) => (name === "params.optimizer" ? ["adam", "sgd", "it's"] : []),
};
const options = (text: string) => complete(text, text.length, vocabulary).options;

test("the word at the position that an error names is marked, and the message keeps to the point", () => {
  const message = "Filter error at position 17: expected a number after >, found oops.\n  metrics.loss > oops\n  ^";
  expect(locateProblem(message, "metrics.losses > oops AND x")).toEqual({
    message: "Expected a number after >, found oops.",
    start: 16,
    end: 21,
  });
});

test("an error at the end of the text marks one place there; one without position marks nothing", () => {
  expect(locateProblem("Filter error at position 99: open quote.", "abc")).toMatchObject({ start: 3, end: 4 });
  expect(locateProblem("Too many runs.", "abc")).toEqual({
    message: "Too many runs.",
    start: undefined,
    end: undefined,
  });
});

test("names complete by any part of them", () => {
  expect(options("acc")).toEqual(["metrics.accuracy"]);
  expect(options("metrics.accuracy > 0.9 AND loss")).toEqual(["metrics.`val/loss`"]);
  expect(options("metrics.`val")).toEqual(["metrics.`val/loss`"]);
  expect(complete("x = 1 AND metrics.`v", 20, vocabulary).start).toBe(10);
});

test("after a name come operators, after those values, then AND and OR", () => {
  expect(options("metrics.accuracy ")).toContain(">=");
  expect(options("params.optimizer = ")).toEqual(["'adam'", "'sgd'", '"it\'s"']);
  expect(options("params.optimizer = 'ad")).toEqual(["'adam'"]);
  expect(options("params.optimizer = 'adam' ")).toEqual(["AND", "OR"]);
});

test("completion works in the middle of the text and inside parentheses", () => {
  const text = "(par) AND metrics.accuracy > 1";
  expect(complete(text, 4, vocabulary)).toEqual({ start: 1, end: 4, options: ["params.optimizer"] });
});

test("the least, greatest and first values of metrics complete once they are asked for", () => {
  expect(options("metrics_m")).toEqual([
    "metrics_min.accuracy",
    "metrics_min.`val/loss`",
    "metrics_max.accuracy",
    "metrics_max.`val/loss`",
  ]);
  expect(options("metr").some((option) => option.startsWith("metrics_"))).toBe(false);
  expect(options("metrics_min.accuracy ")).toContain(">=");
});
