import { expect, test } from "vitest";
import { append, EMPTY_FRAME, order } from "./frame";
import { bestBelow, nestedLines, Openness, PARENT, withDescendants } from "./run-tree";

function frameOf(parents: Record<string, string | null>, values: number[] = []) {
  const run_ids = Object.keys(parents);
  return append(EMPTY_FRAME, {
    run_ids,
    columns: { [PARENT]: Object.values(parents), "metrics.a": run_ids.map((_, row) => values[row] ?? null) },
  });
}

const frame = frameOf(
  { low: "mid", mid: "top", top: null, alone: null, mid2: "top", lost: "elsewhere" },
  [1, 2, 3, 9, 4, 0],
);
const rows = order(frame, [{ column: "metrics.a", descending: true }]);
const shown = (open: string[], usual = false) =>
  nestedLines(frame, rows, new Openness(open, usual), new Set()).map((line) => `${line.level}${line.key}`);

test("children stand below their parent, siblings in the order asked for", () => {
  expect(shown([])).toEqual(["1alone", "1top", "1lost"]);
  expect(shown(["top"])).toEqual(["1alone", "1top", "2mid2", "2mid", "1lost"]);
  expect(shown([], true)).toEqual(["1alone", "1top", "2mid2", "2mid", "3low", "1lost"]);
});

test("only what has something below it can be opened", () => {
  const lines = nestedLines(frame, rows, new Openness(["top"], false), new Set([2]));
  expect(lines.map((line) => line.open)).toEqual([undefined, true, undefined, false, undefined]);
  expect(lines.map((line) => line.dim)).toEqual([false, true, false, false, false]);
});

test("runs that are each other's parents are shown once each", () => {
  const ring = frameOf({ a: "b", b: "c", c: "a", self: "self" });
  const lines = nestedLines(ring, [0, 1, 2, 3], new Openness([], true), new Set());
  expect(lines.map((line) => line.key).sort()).toEqual(["a", "b", "c", "self"]);
});

test("an address keeps only what differs from what is usual", () => {
  expect(new Openness([], false).turn("a")).toEqual(["a"]);
  expect(new Openness(["a", "b"], false).turn("a")).toEqual(["b"]);
  expect(new Openness([], true).turn("a")).toEqual(["-a"]);
  expect(new Openness(["-a"], true).turn("a")).toEqual([]);
  expect(new Openness(["*"], false).has("x")).toBe(true);
});

test("descendants on every level come along", () => {
  expect(withDescendants(frame, ["top"]).sort()).toEqual(["low", "mid", "mid2", "top"]);
  expect(withDescendants(frame, ["alone"])).toEqual(["alone"]);
});

test("ten thousand nested runs are put in order at once", () => {
  const many = frameOf(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`r${n}`, n ? `r${n - 1}` : null])));
  const lines = nestedLines(
    many,
    many.runIds.map((_, row) => row),
    new Openness([], true),
    new Set(),
  );
  expect(lines.at(-1)?.level).toBe(10_000);
});

test("the best run on any level below is told", () => {
  const families = [
    { run_id: "top", best_run_name: "", best_value: null },
    { run_id: "mid", best_run_name: "low", best_value: 0.9 },
  ];
  expect(bestBelow(frame, families, "max").get("top")).toEqual({
    run_id: "top",
    best_run_name: "low",
    best_value: 0.9,
  });
  const closer = [{ run_id: "top", best_run_name: "mid2", best_value: 0.2 }, families[1]!];
  expect(bestBelow(frame, closer, "min").get("top")?.best_run_name).toBe("mid2");
  expect(bestBelow(frame, closer, "max").get("top")?.best_run_name).toBe("low");
});

test("ancestors are shown only above what matches", () => {
  const lines = nestedLines(frame, rows, new Openness([], true), new Set([1, 2, 4]));
  expect(lines.map((line) => line.key)).toEqual(["alone", "top", "mid", "low", "lost"]);
  const none = nestedLines(frame, [2, 1], new Openness([], true), new Set([1, 2]));
  expect(none).toEqual([]);
});
