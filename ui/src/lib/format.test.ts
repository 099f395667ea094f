import { expect, test } from "vitest";
import {
  firstLine,
  formatAgo,
  formatBytes,
  formatCell,
  formatCount,
  formatDateTime,
  formatDuration,
  formatNumber,
  plural,
} from "./format";

test.each([
  [0, "0"],
  [-0.5, "−0.5"],
  [12, "12"],
  [0.43895974232761015, "0.43896"],
  [0.1 + 0.2, "0.3"],
  [1234567, "1234567"],
  [123456.789, "123457"],
  [0.0000024673, "2.4673e−6"],
  [4100000000, "4.1e9"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "∞"],
  [Number.NEGATIVE_INFINITY, "−∞"],
])("a number has five significant figures: %s is %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("a cell that holds a number as text reads like a number, other text as it is", () => {
  expect(formatCell("0.000010000")).toBe("1e−5");
  expect(formatCell("adam")).toBe("adam");
  expect(formatCell(null)).toBe("");
});

test("counts have their thousands apart, and a noun agrees", () => {
  expect(formatCount(1000000)).toBe("1,000,000");
  expect(plural(1, "run")).toBe("1 run");
  expect(plural(2510, "run")).toBe("2,510 runs");
});

test.each([
  [850, "850 ms"],
  [12_400, "12.4 s"],
  [200_000, "3 m 20 s"],
  [7_500_000, "2 h 5 m"],
  [-1, "–"],
])("a span of %d ms is %s", (span, text) => {
  expect(formatDuration(span)).toBe(text);
});

test("a time is told by how long ago it was, an old one by its date", () => {
  const now = new Date(2026, 10, 3, 14, 0, 0).getTime();
  expect(formatAgo(now - 2000, now)).toBe("now");
  expect(formatAgo(now - 90_000, now)).toBe("1 m ago");
  expect(formatAgo(now - 90 * 86_400_000, now)).toBe("2026-08-05");
  expect(formatDateTime(now)).toBe("2026-11-03 14:00:00");
  expect(formatDateTime(Number.NaN)).toBe("–");
});

test("sizes are in powers of 1,000", () => {
  expect([0, 1, 999, 1400, 247_000, 5e9].map(formatBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "999 bytes",
    "1.4 KB",
    "247 KB",
    "5 GB",
  ]);
});

test.each([
  ["Predicts the **cultivar** of a _wine_.", "Predicts the cultivar of a wine."],
  ["\n# Fraud `v2`\nmore", "Fraud v2"],
  ["---\n- see [the card](https://x.org/a_b)", "see the card"],
  ["a_b and 2*3*4", "a_b and 2*3*4"],
  ["", ""],
])("the first line of %j", (text, line) => {
  expect(firstLine(text)).toBe(line);
});
