import { expect, test } from "vitest";
import { cutRow, findHits, layRows, rowOfLine, splitLines, tokensOfLines } from "./lines";

test("lines end as they may, and an end at the end begins no line", () => {
  expect(splitLines("a\r\nb\rc\n")).toEqual(["a", "b", "c"]);
  expect(splitLines("")).toEqual([""]);
  expect(splitLines("a\n\n")).toEqual(["a", ""]);
});

test("lines are wrapped, never inside a pair that is one character", () => {
  const lines = ["x".repeat(20), "", `${"y".repeat(9)}🧪z`];
  const rows = layRows(lines, 10);
  expect(rows.map(({ line, start, end }) => [line, start, end])).toEqual([
    [0, 0, 10],
    [0, 10, 20],
    [1, 0, 0],
    [2, 0, 9],
    [2, 9, 12],
  ]);
  expect(rowOfLine(rows, 2)).toBe(3);
});

test("a line of fifty million characters is broken also where nothing wraps", () => {
  const rows = layRows(["x".repeat(1_000_000)], undefined);
  expect(rows).toHaveLength(500);
});

test("hits are found case aside, to a limit, and cut out of rows", () => {
  const lines = ["Loss loss", "none", "LOSS"];
  const hits = findHits(lines, "loss", 10);
  expect(hits.map(({ line, start }) => [line, start])).toEqual([
    [0, 0],
    [0, 5],
    [2, 0],
  ]);
  expect(findHits(lines, "loss", 2)).toHaveLength(2);
  expect(findHits(lines, "", 2)).toEqual([]);
  const row = { line: 0, start: 0, end: 9 };
  expect(cutRow("Loss loss", row, [{ start: 2, kind: "k" }], hits.slice(0, 1))).toEqual([
    { start: 0, text: "Lo", kind: "", hit: true },
    { start: 2, text: "ss", kind: "k", hit: true },
    { start: 4, text: " loss", kind: "k", hit: false },
  ]);
});

test("colours are told line by line", () => {
  const html = '<span class="s">&quot;a\nb&quot;</span> &lt; <span class="n">1</span>';
  expect(tokensOfLines(html)).toEqual([
    [{ start: 0, kind: "s" }],
    [
      { start: 0, kind: "s" },
      { start: 2, kind: "" },
      { start: 5, kind: "n" },
      { start: 6, kind: "" },
    ],
  ]);
});
