import { expect, test } from "vitest";
import { diffLines, evenJson, foldEqual } from "./line-diff";

const marks = { same: " ", removed: "-", added: "+" };
const shown = (left: string, right: string) => diffLines(left, right).lines.map((line) => marks[line.kind] + line.text);

test("the fewest lines are taken out and put in", () => {
  expect(shown("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc")).toHaveLength(9); // Myers' own example: five edits, four kept
  expect(shown("a\nb\nc", "a\nx\nc")).toEqual([" a", "-b", "+x", " c"]);
  expect(shown("a", "a")).toEqual([" a"]);
  expect(shown("", "a")).toEqual(["+a"]);
  expect(shown("b\nc", "a\nb\nc\nd")).toEqual(["+a", " b", " c", "+d"]);
});

test("a comparison leads from one text to the other, whatever they are", () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const text = (salt: number) =>
      Array.from({ length: 1 + ((seed * salt) % 13) }, (_, at) => "abcd"[(seed * salt * (at + 3) + at) % 4]).join("\n");
    const [left, right] = [text(7), text(11)];
    const { lines } = diffLines(left, right);
    expect(
      lines
        .filter((line) => line.kind !== "added")
        .map((line) => line.text)
        .join("\n"),
    ).toBe(left);
    expect(
      lines
        .filter((line) => line.kind !== "removed")
        .map((line) => line.text)
        .join("\n"),
    ).toBe(right);
    const numbers = lines.flatMap((line) => line.right ?? []);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  }
});

test("lines are counted and numbered in both texts", () => {
  const { lines, added, removed } = diffLines("a\nb\nc", "a\nc\nd");
  expect([added, removed]).toEqual([1, 1]);
  expect(lines.map(({ left, right }) => [left, right])).toEqual([
    [1, 1],
    [2, undefined],
    [3, 2],
    [undefined, 3],
  ]);
});

test("texts that have nothing in common are told so quickly", () => {
  const long = (sign: string) => Array.from({ length: 20_000 }, (_, at) => `${sign}${at}`).join("\n");
  const begun = performance.now();
  const { rough, added, removed } = diffLines(`first\n${long("a")}`, `first\n${long("b")}`);
  expect([rough, added, removed]).toEqual([true, 20_000, 20_000]);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test("long equal stretches are folded, changes keep their surroundings", () => {
  const left = Array.from({ length: 30 }, (_, at) => String(at));
  const right = left.with(10, "x");
  const folded = foldEqual(diffLines(left.join("\n"), right.join("\n")).lines, 2);
  expect(folded.map((one) => ("hidden" in one ? -one.hidden : one.lines.length))).toEqual([-8, 6, -17]);
});

test("JSON is compared by its values, not by how it was written", () => {
  expect(evenJson('{"b":1,"a":[1,{"d":2,"c":3}]}')).toBe(evenJson('{ "a": [1, {"c": 3, "d": 2}],\n "b": 1 }'));
  expect(evenJson("{broken")).toBe("{broken");
});
