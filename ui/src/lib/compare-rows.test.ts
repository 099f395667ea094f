import { expect, test } from "vitest";
import type { Cell } from "./cells";
import { codeSection, countEqual, datasetSection, environmentSection, metricSection, tagSection } from "./compare-rows";

const columns = new Map<string, Cell[]>([
  ["metrics.train_seconds", [5, 6]],
  ["metrics.val_accuracy", [0.8, 0.9]],
  ["tags.owner", ["ada", null]],
  ["tags.assay.python", ["3.10.2", "3.11.9"]],
  ["tags.mlflow.user", ["ada", "ada"]],
  ["tags.mlflow.source.git.commit", ["abc", "def"]],
]);
const frame = { runIds: ["a", "b"], columns };

test("metrics come with the likeliest main one first, and as extremes where these are wanted", () => {
  expect(metricSection(frame).rows.map((row) => row.key)).toEqual(["val_accuracy", "train_seconds"]);
  const least = { runIds: ["b", "a"], columns: new Map<string, Cell[]>([["metrics_min.val_accuracy", [0.1, 0.2]]]) };
  const rows = metricSection(frame, { frame: least, statistic: "min" }).rows;
  expect(rows[0]!.cells).toEqual([0.2, 0.1]);
  expect(rows[1]!.cells).toEqual([5, 6]);
});

test("tags that the system sets are told as code and environment, not among those of people", () => {
  expect(tagSection(frame).rows.map((row) => row.key)).toEqual(["owner"]);
  expect(codeSection(frame).rows.map((row) => [row.key, row.differs])).toEqual([["Commit", true]]);
});

test("the environment is read from the kept file, and from tags where there is none", () => {
  const kept = JSON.stringify({
    implementation: "CPython",
    python: "3.11.9",
    packages: { numpy: "2.1", scipy: "1.14" },
  });
  const { rows } = environmentSection(frame, [undefined, kept]);
  const cells = Object.fromEntries(rows.map((row) => [row.key, row.cells]));
  expect(cells).toMatchObject({
    Python: ["CPython 3.10.2", "CPython 3.11.9"],
    numpy: [null, "2.1"],
    User: ["ada", "ada"],
  });
  expect(countEqual([environmentSection(frame, [kept, kept])])).toBe(4);
});

test("datasets stand by name and purpose, with their digests", () => {
  const wine = (digest: string, context: string) => ({
    dataset: { name: "wine", digest },
    tags: [{ key: "mlflow.data.context", value: context }],
  });
  const { rows } = datasetSection([[wine("1", "train"), wine("2", "eval")], [wine("3", "train")], []]);
  expect(rows.map((row) => [row.key, row.cells])).toEqual([
    ["wine (eval)", ["2", null, null]],
    ["wine (train)", ["1", "3", null]],
  ]);
});
