import { expect, test } from "vitest";
import { exampleOf } from "./example";

test("a table shows its first rows", () => {
  const json = JSON.stringify({ columns: ["a", 2], data: Array.from({ length: 9 }, (_, row) => [row, "x"]) });
  const example = exampleOf(json) as { columns: string[]; rows: string[][] };
  expect(example.columns).toEqual(["a", "2"]);
  expect(example.rows).toHaveLength(5);
  expect(example.rows[1]).toEqual(["1", "x"]);
});

test("other JSON, and what is no JSON, is text", () => {
  expect(exampleOf('{"inputs": [1]}')).toEqual({ text: '{\n  "inputs": [\n    1\n  ]\n}' });
  expect(exampleOf("{")).toEqual({ text: "{" });
  expect(exampleOf('{"columns": 1, "data": 2}')).toMatchObject({ text: expect.stringContaining("columns") });
  expect((exampleOf(JSON.stringify("y".repeat(9000))) as { text: string }).text.length).toBeLessThan(2100);
  expect(exampleOf(" ")).toBe(undefined);
});
