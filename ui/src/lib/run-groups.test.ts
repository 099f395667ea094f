import { expect, test } from "vitest";
import { groupRuns } from "./run-groups";

test("runs with the same values stand together, in the order of their values", () => {
  const cells: Record<string, Array<number | string | null>> = {
    a: ["10", "x"],
    b: [9, "x"],
    c: [10, "x"],
    d: [null, "x"],
    e: ["none", "x"],
  };
  const groups = groupRuns(Object.keys(cells), (id) => cells[id]!);
  expect(groups.map(({ label, runIds }) => [label, runIds])).toEqual([
    ["9, x", ["b"]],
    ["10, x", ["a", "c"]],
    ["none, x", ["d"]],
    ["none, x", ["e"]],
  ]);
  expect(new Set(groups.map(({ key }) => key)).size).toBe(4);
});
