import { expect, test } from "vitest";
import { columnStats, columnType, formatValue, sortedRows, summaryOf, tableOfJson } from "./grid";

const column = (...cells: unknown[]) => cells.map((cell) => [cell]);

test("a column has the type that all its values have", () => {
  expect(columnType(column("1", "", "2.5e3", "NaN"), 0)).toBe("number");
  expect(columnType(column("1", "x"), 0)).toBe("text");
  expect(columnType(column("true", "False"), 0)).toBe("boolean");
  expect(columnType(column("2026-11-03", "2026-11-03T10:00:00Z"), 0)).toBe("time");
  expect(columnType(column("", null, undefined), 0)).toBe("empty");
  expect(columnType(column("=1+1", "@cmd"), 0)).toBe("text");
  expect(columnType(column(12n, 3), 0)).toBe("number");
});

test("statistics: range, mean, parts of the range; of texts the most frequent", () => {
  const stats = columnStats(column("0", "1", "", "10", "inf"), 0);
  expect(stats).toMatchObject({ type: "number", count: 4, missing: 1, distinct: 4, low: 0, high: 10 });
  expect(stats.mean).toBeCloseTo(11 / 3);
  expect(stats.bins).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(summaryOf(stats)).toBe("0 to 10, 1 missing");
  expect(columnStats(column("a", "b", "a"), 0).top).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
});

test("numbers sort as numbers, texts as people do, blanks last either way", () => {
  expect(sortedRows(column("10", "9", "", "1e-5"), 0, false)).toEqual([3, 1, 0, 2]);
  expect(sortedRows(column("10", "9", "", "1e-5"), 0, true)).toEqual([0, 1, 3, 2]);
  expect(sortedRows(column("run10", "Run9", null), 0, false)).toEqual([1, 0, 2]);
});

test("what pandas and log_table write as JSON is a table, other JSON is not", () => {
  expect(tableOfJson({ columns: ["a", 1], data: [[1, 2]] })).toEqual({ names: ["a", "1"], rows: [[1, 2]] });
  expect(tableOfJson([{ a: 1 }, { b: 2 }])?.rows).toEqual([
    [1, undefined],
    [undefined, 2],
  ]);
  for (const other of [
    null,
    1,
    [1, 2],
    { columns: ["a"], data: [1] },
    { columns: [], data: [] },
    [{}, {}],
    [{ a: 1 }],
  ]) {
    expect(tableOfJson(other)).toBeUndefined();
  }
});

test("values keep every digit; bytes, times and lists are told", () => {
  expect(formatValue(0.1 + 0.2)).toBe("0.30000000000000004");
  expect(formatValue(9007199254740993n)).toBe("9007199254740993");
  expect(formatValue(new Date(0))).toBe("1970-01-01 00:00:00");
  expect(formatValue(new Uint8Array([1, 255]))).toBe("01 ff");
  expect(formatValue([1n, { a: null }])).toBe('[1,{"a":null}]');
  expect(formatValue("x".repeat(6000))).toHaveLength(5001);
});
