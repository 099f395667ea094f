import { expect, test } from "vitest";
import { fixesOf, unknownNames } from "./filter-fix";
import { locateProblem } from "./filter-text";

const vocabulary = {
  names: ["metrics.val_accuracy", "metrics.loss", "params.loss", "params.`learning rate`"],
  values: () => [],
};
const fixed = (query: string, message: string) =>
  fixesOf(locateProblem(message, query), query, vocabulary).map((fix) => fix.query);

test("a bare name that one column has is completed", () => {
  expect(
    fixed("val_accuracy > 0.9", "filter error at position 1: unknown attribute 'val_accuracy'. Attributes are x."),
  ).toEqual(["metrics.val_accuracy > 0.9"]);
});

test("a bare name that several have is offered with each", () => {
  expect(
    fixed("status = 'x' AND loss < 1", "filter error at position 18: unknown attribute 'loss'. Attributes are x."),
  ).toEqual(["status = 'x' AND metrics.loss < 1", "status = 'x' AND params.loss < 1"]);
});

test("a slip of the pen is mended", () => {
  expect(
    fixed("val_acuracy > 0.9", "filter error at position 1: unknown attribute 'val_acuracy'. Attributes are x."),
  ).toEqual(["metrics.val_accuracy > 0.9"]);
});

test("what the server proposes is taken", () => {
  expect(
    fixed(
      "metric_.loss < 1",
      "filter error at position 1: unknown prefix 'metric_'. Did you mean 'metrics'? Prefixes are",
    ),
  ).toEqual(["metrics.loss < 1"]);
  expect(
    fixed(
      "metrics.val/loss < 1",
      "filter error at position 12: a key that holds '/' must be quoted. Write metrics.`val/loss`.",
    ),
  ).toEqual(["metrics.`val/loss` < 1"]);
});

test("names that no run has are told, with what is near", () => {
  expect(unknownNames("metrics.val_acuracy > 1 AND params.`learning rate` = '1'", vocabulary)).toEqual([
    {
      name: "metrics.val_acuracy",
      fixes: [{ label: "metrics.val_accuracy", query: "metrics.val_accuracy > 1 AND params.`learning rate` = '1'" }],
    },
  ]);
  expect(unknownNames('metrics."loss" > 1', vocabulary)).toEqual([]);
});
