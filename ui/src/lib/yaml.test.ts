import { expect, test } from "vitest";
import { parseYaml } from "./yaml";

test("mappings and lists by indentation, lists as far left as their key", () => {
  const text = `
# a comment
---
dependencies:
- python=3.11.4
- pip<=24   # why
- pip:
  - numpy==2.1
  - scikit-learn
name: env
deep:
  - a: 1
    b:
      - [1, "two, three", {k: v, empty: }]
  - - x
    - -y
`;
  expect(parseYaml(text)).toEqual({
    dependencies: ["python=3.11.4", "pip<=24", { pip: ["numpy==2.1", "scikit-learn"] }],
    name: "env",
    deep: [{ a: 1, b: [[1, "two, three", { k: "v", empty: null }]] }, ["x", "-y"]],
  });
});

test("texts are folded over lines as writers fold them", () => {
  const text = `signature:
  inputs: '[{"type": "double", "name": "it''s", "required": true}, {"type": "long",
    "name": "b", "required": true}]'
  outputs: "a \\u00e9\\n\\
    \\ b"
  params: null
note: a plain text
  that goes on
block: |
  one
    two

  three
folded: >-
  one
  two
`;
  expect(parseYaml(text)).toEqual({
    signature: {
      inputs:
        '[{"type": "double", "name": "it\'s", "required": true}, {"type": "long", "name": "b", "required": true}]',
      outputs: "a é\n b",
      params: null,
    },
    note: "a plain text that goes on",
    block: "one\n  two\n\nthree\n",
    folded: "one two",
  });
});

test("plain words are what they look like", () => {
  const text =
    "a: 1\nb: 1.5e-3\nc: true\nd: ~\ne:\nf: 2026-11-03 10:00:00.5\ng: 3.11.4\nh: {}\ni: []\nj: http://x:80/y\n'k 1': -2\n";
  expect(parseYaml(text)).toEqual({
    ...{ a: 1, b: 0.0015, c: true, d: null, e: null, f: "2026-11-03 10:00:00.5", g: "3.11.4", h: {}, i: [] },
    ...{ j: "http://x:80/y", "k 1": -2 },
  });
});

test.each([
  ["a: 1\n   b: 2\nc", 3],
  ["a: [1, 2", 1],
  ["a: 'open", 1],
  ["a: *anchor", 1],
  ["a:\n  b: 1\n c: 2\n", 3],
])("%j is refused with its line", (text, line) => {
  expect(() => parseYaml(text)).toThrow(`line ${line}:`);
});

test("nothing is null, and a word is itself", () => {
  expect(parseYaml("")).toBe(null);
  expect(parseYaml("# only\n")).toBe(null);
  expect(parseYaml("word")).toBe("word");
});
