import { expect, test } from "vitest";
import { askMore, outline, toggle, UNFOLDED } from "./outline";

const names = (rows: ReturnType<typeof outline>) =>
  rows.map(({ name, kind, depth }) => `${depth}${kind[0]} ${name ?? ""}`);

test("small branches near the root are open, and each can be closed", () => {
  const value = { a: [1, 2], b: { c: { d: 1 } } };
  expect(names(outline(value, UNFOLDED))).toEqual(["0b ", "1b a", "2l 0", "2l 1", "1b b", "2b c"]);
  expect(names(outline(value, toggle(UNFOLDED, "$.0")))).toEqual(["0b ", "1b a", "1b b", "2b c"]);
  expect(names(outline(value, toggle(toggle(UNFOLDED, "$"), "$")))).toHaveLength(6);
});

test("many children come a part at a time", () => {
  const value = Array.from({ length: 5000 }, (_, index) => index);
  const rows = outline(value, UNFOLDED);
  expect(rows).toHaveLength(202);
  expect(rows.at(-1)).toMatchObject({ kind: "more", count: 4800 });
  expect(outline(value, askMore(UNFOLDED, "$"))).toHaveLength(2202);
});

test("a value nested 10,000 deep is told level by level", () => {
  const value = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`) as unknown;
  let folding = UNFOLDED;
  let key = "$.0";
  for (let depth = 2; depth < 100; depth++) {
    key += ".0";
    folding = toggle(folding, key);
  }
  expect(outline(value, folding)).toHaveLength(101);
});
