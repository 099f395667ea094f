import { expect, test } from "vitest";
import { append, EMPTY_FRAME } from "./frame";
import { combine, figureOf, type Grouping, groupFilter, groupLines, type LeafGroup, nest } from "./groups";
import { Openness } from "./run-tree";

const figures = (values: number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const std = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null;
  return { count: values.length, mean, std, min: Math.min(...values), max: Math.max(...values) };
};
const leaf = (values: (string | null)[], numbers: number[]): LeafGroup => ({
  values,
  runs: numbers.length,
  metrics: { loss: figures(numbers) },
});
const grouping: Grouping = {
  by: ["params.model", "params.seed"],
  sort: [{ column: "metrics.loss", descending: false }],
  stat: "mean",
  directionOf: () => "min",
};

test("figures of parts together are those of all", () => {
  const all = figures([1, 2, 6, 40, 3]);
  const joined = combine([figures([1, 2, 6]), figures([40]), figures([3])]);
  expect(joined.count).toBe(5);
  for (const name of ["mean", "std", "min", "max"] as const) expect(joined[name]).toBeCloseTo(all[name]!, 10);
});

test("groups are nested by their first value and sorted by a figure", () => {
  const groups = nest([leaf(["a", "1"], [5]), leaf(["b", "1"], [1, 2]), leaf(["a", "2"], [7, 9])]);
  const frame = append(EMPTY_FRAME, {
    run_ids: ["x", "y", "z"],
    columns: { "params.model": ["a", "b", "a"], "params.seed": ["1", "1", "2"] },
  });
  const lines = groupLines(frame, [0, 1, 2], groups, { open: new Openness(["=a", "=a/=2"], false), grouping });
  expect(lines.map((line) => `${line.level}${line.key}`)).toEqual(["1=b", "1=a", "2=a/=1", "2=a/=2", "3z"]);
  expect(groups[0]!.runs).toBe(3);
});

test("numbers in values sort as numbers, and a missing one comes last", () => {
  const groups = nest(["10", null, "9", "1e-5"].map((value) => leaf([value], [1])));
  const by = { ...grouping, by: ["params.lr"], sort: [{ column: "params.lr", descending: false }] };
  const lines = groupLines(EMPTY_FRAME, [], groups, { open: new Openness([], false), grouping: by });
  expect(lines.map((line) => line.kind === "group" && line.value)).toEqual(["1e-5", "9", "10", null]);
});

test("the best is the least where less is better", () => {
  const some = figures([1, 4]);
  expect(figureOf(some, "best", "min")).toBe(1);
  expect(figureOf(some, "best", "max")).toBe(4);
  expect(figureOf(figures([1]), "std", "max")).toBeUndefined();
  expect(figureOf(undefined, "mean", "max")).toBeUndefined();
});

test("a group is found by a filter", () => {
  const parts = [
    { name: "params.`a b`", value: "it's" },
    { name: "tags.t", value: null },
  ];
  expect(groupFilter(parts)).toBe('params.`a b` = "it\'s" AND tags.t IS NULL');
});
