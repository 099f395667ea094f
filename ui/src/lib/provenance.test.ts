import { expect, test } from "vitest";
import { commitPage, parseSurroundings } from "./provenance";

test("what a run was started from is read, as far as it is told", () => {
  const told = parseSurroundings(
    JSON.stringify({
      python: "3.11.2",
      implementation: "CPython",
      processors: 8,
      machine: "x86_64",
      memory_bytes: 16 * 2 ** 30,
      command: ["python", "train.py"],
      packages: { numpy: "2.0", odd: null },
      repository: { entry_point: "src/train.py", left_out: ["a.bin"], untracked: "broken" },
    }),
  );
  expect(told.facts).toEqual([
    ["Python", "CPython 3.11.2"],
    ["Processors", "8 × x86_64"],
    ["Memory", "16.0 GiB"],
  ]);
  expect(told.command).toEqual(["python", "train.py"]);
  expect(told.packages).toEqual([
    ["numpy", "2.0"],
    ["odd", ""],
  ]);
  expect(told.repository).toEqual({ entryPoint: "src/train.py", directory: "", leftOut: ["a.bin"], untracked: [] });
});

test.each(["", "[]", "{", "null", '{"packages": 3}'])("%s tells nothing", (text) => {
  expect(parseSurroundings(text)).toMatchObject({ facts: [], command: [], packages: [] });
});

test.each([
  ["https://github.com/x/y.git", "https://github.com/x/y/commit/abcdef1"],
  ["git@gitlab.example.com:group/sub/y.git", "https://gitlab.example.com/group/sub/y/-/commit/abcdef1"],
  ["ssh://git@bitbucket.org/x/y", "https://bitbucket.org/x/y/commits/abcdef1"],
  ["https://git.example.com/x/y", undefined],
  ["javascript:alert(1)//github.com/x", undefined],
  ["", undefined],
])("the commit of %s", (repository, page) => {
  expect(commitPage(repository, "abcdef1")).toBe(page);
});

test("a commit that is none has no page", () => {
  expect(commitPage("https://github.com/x/y", "../..")).toBeUndefined();
});
