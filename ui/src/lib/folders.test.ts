import { expect, test } from "vitest";
import { hasFolders, listRows, type Placed, type TreeRow, type TreeSort, treeRows } from "./folders";

const BY_NAME: TreeSort = { column: "name", descending: false };

function experiment(name: string, more: Partial<Placed> = {}): Placed {
  return { experiment_id: name, name, runs: 1, running: 0, failed: 0, last_activity: 0, ...more };
}

function told(rows: Array<TreeRow<Placed>>): string[] {
  return rows.map(
    (row) => `${" ".repeat(row.depth)}${row.label}${row.kind === "folder" ? ` (${row.experiments})` : ""}`,
  );
}

const SOME = ["vision/cats/a", "vision/cats/b", "vision/dogs", "audio", "nlp/only"].map((name) => experiment(name));

test("closed folders are one row, and a folder of one experiment is no folder", () => {
  expect(told(treeRows(SOME, { sort: BY_NAME, open: new Set() }))).toEqual(["audio", "nlp/only", "vision (3)"]);
});

test("open folders show what is in them", () => {
  const rows = treeRows(SOME, { sort: BY_NAME, open: new Set(["vision", "vision/cats"]) });
  expect(told(rows)).toEqual(["audio", "nlp/only", "vision (3)", " cats (2)", "  a", "  b", " dogs"]);
});

test("folders that hold only a folder are joined", () => {
  const rows = treeRows([experiment("/Users/ada/x"), experiment("/Users/ada/y")], { sort: BY_NAME, open: new Set() });
  expect(told(rows)).toEqual(["Users/ada (2)"]);
  expect(rows[0]).toMatchObject({ path: "Users/ada" });
});

test("a folder sums up its experiments, on any level", () => {
  const rows = treeRows(
    [
      experiment("a/b/x", { runs: 5, running: 2, failed: 1, last_activity: 70 }),
      experiment("a/b/z", { runs: 1 }),
      experiment("a/y", { runs: 3, failed: 1, last_activity: 90 }),
    ],
    { sort: BY_NAME, open: new Set() },
  );
  expect(rows[0]).toMatchObject({ experiments: 3, runs: 9, running: 2, failed: 2, last_activity: 90 });
});

test("folders and experiments are in one order", () => {
  const some = [
    experiment("a/x", { last_activity: 1 }),
    experiment("a/y", { last_activity: 9 }),
    experiment("b", { last_activity: 5 }),
    experiment("c", { last_activity: 10 }),
  ];
  const rows = treeRows(some, { sort: { column: "activity", descending: true }, open: new Set(["a"]) });
  expect(told(rows)).toEqual(["c", "a (2)", " y", " x", "b"]);
  expect(listRows(some, { column: "activity", descending: true }).map((row) => row.label)).toEqual([
    "c",
    "a/y",
    "b",
    "a/x",
  ]);
});

test("an experiment may have the name of a folder, and a name of slashes stays itself", () => {
  const rows = treeRows([experiment("a"), experiment("a/b"), experiment("a/c"), experiment("//")], {
    sort: BY_NAME,
    open: new Set(["a"]),
  });
  expect(told(rows)).toEqual(["//", "a", "a (2)", " b", " c"]);
});

test("ten thousand experiments are a matter of milliseconds", () => {
  const many = Array.from({ length: 10_000 }, (_, number) => experiment(`t${number % 8}/p${number % 100}/e${number}`));
  const open = new Set(Array.from({ length: 8 }, (_, number) => `t${number}`));
  treeRows(many, { sort: BY_NAME, open });
  const begun = performance.now();
  treeRows(many, { sort: BY_NAME, open });
  expect(performance.now() - begun).toBeLessThan(300);
});

test("names with a slash spell folders", () => {
  expect(hasFolders([experiment("a")])).toBe(false);
  expect(hasFolders(SOME)).toBe(true);
});
