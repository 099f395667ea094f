import { expect, test } from "vitest";
import { diffRows } from "./diff";
import { append, EMPTY_FRAME } from "./frame";

test("lines that differ are told from equal ones, a missing value differs from any other", () => {
  const frame = append(EMPTY_FRAME, {
    run_ids: ["a", "b"],
    columns: { "params.lr": ["1", "2"], "params.seed": ["0", "0"], "params.extra": ["x", null], "metrics.m": [1, 1] },
  });
  expect(diffRows(frame, "params").map(({ key, differs }) => [key, differs])).toEqual([
    ["extra", true],
    ["lr", true],
    ["seed", false],
  ]);
});
