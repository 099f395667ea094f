import { expect, test } from "vitest";
import { Listing, missingParts, Tree } from "./tree";

const listing = (names: string[], { start = 0, total = names.length } = {}) =>
  new Listing().add({
    names,
    sizes: names.map((name) => (name.endsWith("/") ? null : 1)),
    start,
    total,
    complete: true,
  });

// Folders are told by their size alone, names are plain.
const folder = (names: string[], folders: number) =>
  new Listing().add({
    names,
    sizes: names.map((_, at) => (at < folders ? null : 1)),
    start: 0,
    total: names.length,
    complete: true,
  });

const shown = (tree: Tree) => Array.from({ length: tree.count }, (_, line) => tree.row(line).path || "?");

test("open folders are laid out in their places, closed ones are one line", () => {
  const listings = new Map([
    ["", folder(["a", "b", "f"], 2)],
    ["a", folder(["x", "y"], 1)],
    ["a/x", folder(["deep"], 0)],
  ]);
  expect(shown(new Tree(listings, new Set()))).toEqual(["a", "b", "f"]);
  const tree = new Tree(listings, new Set(["a", "a/x"]));
  expect(shown(tree)).toEqual(["a", "a/x", "a/x/deep", "a/y", "b", "f"]);
  expect(tree.row(2)).toMatchObject({ depth: 2, siblings: 1, index: 0 });
  expect(tree.lineOf("a/y")).toBe(3);
  expect(tree.lineOf("f")).toBe(5);
  expect(tree.lineOf("none")).toBeUndefined();
});

test("an open folder that is on its way is one line without a name", () => {
  expect(shown(new Tree(new Map([["", folder(["a"], 1)]]), new Set(["a"])))).toEqual(["a", "?"]);
});

test("files are no folders, whatever the address says is open", () => {
  expect(shown(new Tree(new Map([["", folder(["a"], 0)]]), new Set(["a", "a/b", ""])))).toEqual(["a"]);
});

test("parts not read yet are told by number, once", () => {
  const huge = listing(["n0", "n1"], { total: 100_000 }).add({
    names: ["n50000"],
    sizes: [1],
    start: 50_000,
    total: 100_000,
    complete: true,
  });
  const tree = new Tree(new Map([["", huge]]), new Set());
  expect(tree.count).toBe(100_000);
  expect(tree.row(50_000).path).toBe("n50000");
  expect(missingParts(tree, 49_990, 50_020, 1000)).toEqual(new Map([["", new Set([49, 50])]]));
  expect(missingParts(tree, 0, 2, 1000).size).toBe(0);
});

test("a folder whose end nobody knows has one line more than was read, which asks for the next part", () => {
  const part = (start: number, complete: boolean) => ({
    names: [`n${start}`, `n${start + 1}`],
    sizes: [1, 1],
    start,
    total: start + 2,
    complete,
  });
  const known = new Listing().add(part(0, false));
  const tree = new Tree(new Map([["", known]]), new Set());
  expect(shown(tree)).toEqual(["n0", "n1", "?"]);
  expect(tree.row(0).siblings).toBe(-1);
  expect(missingParts(tree, 0, 3, 2)).toEqual(new Map([["", new Set([1])]]));
  const whole = new Tree(new Map([["", known.add(part(2, true)).add(part(0, false))]]), new Set());
  expect(shown(whole)).toEqual(["n0", "n1", "n2", "n3"]);
  expect(whole.row(0).siblings).toBe(4);
});
