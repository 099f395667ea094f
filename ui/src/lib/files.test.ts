import { expect, test } from "vitest";
import {
  contentsOf,
  downloadCode,
  foldersAbove,
  hexLines,
  languageOf,
  logFiles,
  looksLikeText,
  previewOf,
  visibleName,
} from "./files";

test("the name tells how a file is shown", () => {
  const names = ["a/b.PNG", "x.csv", "x.tsv", "conf.json", "model/MLmodel", "m.pkl", "no_extension"];
  expect(names.map(previewOf)).toEqual(["image", "csv", "tsv", "json", "model", "binary", "unknown"]);
  expect(["Dockerfile", "a.PY", "a/MLmodel", "notes.txt"].map(languageOf)).toEqual([
    "dockerfile",
    "python",
    "yaml",
    undefined,
  ]);
});

test("folders above a path, outermost first", () => {
  expect(foldersAbove("a/b/c.txt")).toEqual(["a", "a/b"]);
  expect(foldersAbove("c.txt")).toEqual([]);
});

test("bytes are text when they are valid UTF-8 without zeros, also when cut inside a character", () => {
  const euro = new TextEncoder().encode("price: 5 €");
  expect(looksLikeText(euro)).toBe(true);
  expect(looksLikeText(euro.subarray(0, -1))).toBe(true);
  expect(looksLikeText(Uint8Array.of(80, 75, 0, 4))).toBe(false);
  expect(looksLikeText(Uint8Array.from({ length: 64 }, (_, index) => 128 + index))).toBe(false);
  expect(looksLikeText(new Uint8Array())).toBe(true);
});

test("bytes are listed sixteen a line", () => {
  expect(hexLines(Uint8Array.of(72, 105, 0), 256)).toEqual([`000000  48 69 00${" ".repeat(39)}  Hi·`]);
});

test("code that fetches a file says where it is, quotes and all", () => {
  const code = downloadCode({ kind: "run", id: "abc" }, 'a/"b".csv', "http://host:5000");
  expect(code).toContain('assay.set_tracking_uri("http://host:5000")');
  expect(code).toContain('assay.artifacts.download_artifacts("runs:/abc/a/\\"b\\".csv")');
});

test("of the files of a run, the newest part of what it printed is last", () => {
  expect(logFiles(["console.10.log", "console.2.log", "console.log", "model", "a.txt", "worker.log"])).toEqual([
    ...["worker.log", "console.log", "console.2.log", "console.10.log"],
  ]);
  expect(logFiles([])).toEqual([]);
});

test("what a folder holds is told as far as it is known", () => {
  const folder = { total: 3, folders: 1, bytes: 2000, complete: true };
  expect(contentsOf(folder)).toBe("2 files (2 KB) and 1 folder");
  expect(contentsOf({ ...folder, total: 1 })).toBe("1 folder");
  expect(contentsOf({ ...folder, total: 20_000, folders: 0, bytes: null })).toBe("20,000 files");
  expect(contentsOf({ ...folder, complete: false })).toBe("More than 3 files");
});

test("no name looks like another one", () => {
  expect(visibleName("\u202egnp.exe")).toBe("[U+202E]gnp.exe");
  expect(visibleName("a\nb")).toBe("a[U+000A]b");
  expect(visibleName("\u062a\u0642\u0631\u064a\u0631 \u65e5\u672c.txt")).toBe(
    "\u062a\u0642\u0631\u064a\u0631 \u65e5\u672c.txt",
  );
});
