import { expect, test } from "vitest";
import { append, EMPTY_FRAME } from "./frame";
import cases from "./main-metrics.json";
import { bestRows, formatMainMetric, guessDirection, knownDirection, parseMainMetric, rankMetrics } from "./metrics";

test("the name tells which way a metric improves", () => {
  expect(["val/loss", "rmse", "train_error", "perplexity"].map(guessDirection)).toEqual(["min", "min", "min", "min"]);
  expect(["val_accuracy", "auc", "reward", "closeness"].map(guessDirection)).toEqual(["max", "max", "max", "max"]);
  expect(["flops", "system/cpu", "epoch"].map(knownDirection)).toEqual([undefined, undefined, undefined]);
});

test("held-out quality comes first, the machine's figures last", () => {
  expect(rankMetrics(["system/cpu", "train_loss", "epoch", "flops", "val_accuracy"])).toEqual([
    "val_accuracy",
    "train_loss",
    "flops",
    "epoch",
    "system/cpu",
  ]);
});

test("all runs with the best finite value are marked; none where all are equal", () => {
  const frame = append(EMPTY_FRAME, {
    run_ids: ["a", "b", "c", "d"],
    columns: { "metrics.x": [1, 3, "Infinity", 3], "metrics.y": [2, 2, null, 2] },
  });
  expect([...bestRows(frame, "metrics.x", "max")]).toEqual([1, 3]);
  expect([...bestRows(frame, "metrics.x", "min")]).toEqual([0]);
  expect(bestRows(frame, "metrics.y", "max").size).toBe(0);
});

test("the main metric is kept as a text that reads back", () => {
  const main = { key: "val accuracy", direction: "max" as const };
  expect(parseMainMetric(formatMainMetric(main))).toEqual(main);
  expect(parseMainMetric("sideways x")).toBeUndefined();
  expect(parseMainMetric(undefined)).toBeUndefined();
});

test.each(cases)("the server guesses the main metric by the same rules: $keys", ({ keys, main }) => {
  const first = rankMetrics(keys).find((key) => !/^(system\/|epoch$|lr$)/.test(key));
  expect(first === undefined ? null : `${guessDirection(first)} ${first}`).toBe(main);
});
