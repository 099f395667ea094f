import { expect, test } from "vitest";
import { latestPoints, loggedFrame, notedModels } from "./logged-models";

const POINTS = [
  { key: "auc", value: 0.7, timestamp: 2, step: 1, dataset_name: "a", dataset_digest: "1" },
  { key: "auc", value: 0.8, timestamp: 2, step: 5, dataset_name: "a", dataset_digest: "1" },
  { key: "auc", value: 0.6, timestamp: 1, step: 9, dataset_name: "a", dataset_digest: "1" },
  { key: "auc", value: 0.5, timestamp: 1, dataset_name: "b" },
  { key: "acc", value: "NaN", timestamp: 1 },
];

test("the latest point of each metric on each dataset", () => {
  expect(latestPoints(POINTS).map(({ key, value }) => `${key} ${value}`)).toEqual(["acc NaN", "auc 0.8", "auc 0.5"]);
});

test("logged models as a table", () => {
  const models = [
    { info: { model_id: "m-1" }, data: { metrics: POINTS, params: [{ key: "depth", value: "3" }] } },
    { info: { model_id: "m-2" } },
  ];
  const frame = loggedFrame(models);
  expect(frame.runIds).toEqual(["m-1", "m-2"]);
  expect(Object.fromEntries(frame.columns)).toEqual({
    "metrics.auc": [0.8, null],
    "metrics.acc": ["NaN", null],
    "params.depth": ["3", null],
  });
});

test("models of older clients are read from a tag, whatever it holds", () => {
  const tag = JSON.stringify([
    { artifact_path: "model" },
    { artifact_path: "model" },
    { artifact_path: "best" },
    {},
    null,
  ]);
  expect(notedModels(tag)).toEqual(["model", "best"]);
  expect([notedModels(undefined), notedModels("{"), notedModels("3")]).toEqual([[], [], []]);
});
