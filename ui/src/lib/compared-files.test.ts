import { expect, test } from "vitest";
import { comparedFiles, usualFile } from "./compared-files";

const listed = (files: Record<string, number>) => ({ names: Object.keys(files), sizes: Object.values(files) });

test("text files of both runs are compared, those that differ first, and code of either", () => {
  const left = listed({
    "a.txt": 3,
    "b.json": 5,
    "dot.png": 8,
    "only.txt": 1,
    "assay/uncommitted.patch": 9,
    "assay/environment.json": 2,
  });
  const right = listed({ "a.txt": 3, "b.json": 6, "dot.png": 9, "assay/environment.json": 3 });
  const files = comparedFiles(left, right);
  expect(files.map((file) => [file.path, file.where])).toEqual([
    ["assay/uncommitted.patch", "left"],
    ["b.json", "both"],
    ["a.txt", "both"],
  ]);
  expect(usualFile(files)).toBe("assay/uncommitted.patch");
  expect(comparedFiles(left, left, true).map((file) => file.path)).toEqual(["a.txt", "b.json", "only.txt"]);
  expect(usualFile([])).toBeUndefined();
});
