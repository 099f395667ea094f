import { expect, test } from "vitest";
import { commandText, loadingCode, quoted, readingCode, reproduceCommands, requirementsText } from "./snippets";

const ORIGIN = {
  server: "http://host:5000",
  repository: "https://github.com/x/y.git",
  commit: "abc",
  patchOf: "r0",
  directory: "jobs",
  command: ["/usr/bin/python3", "train.py", "--name", "it's $HOME"],
};

test("commands bring the code back and start it again", () => {
  expect(reproduceCommands(ORIGIN).split("\n")).toEqual([
    "git clone https://github.com/x/y.git y && cd y",
    "git checkout abc",
    "curl -fsS 'http://host:5000/get-artifact?run_id=r0&path=assay%2Funcommitted.patch' | git apply",
    "cd jobs",
    "ASSAY_TRACKING_URI=http://host:5000 python3 train.py --name 'it'\\''s $HOME'",
  ]);
});

test("what is not known is left out", () => {
  const nothing = { ...ORIGIN, repository: "", commit: "", patchOf: undefined, directory: "", command: [] };
  expect(reproduceCommands(nothing)).toBe("");
  expect(reproduceCommands({ ...nothing, commit: "abc" })).toBe("git checkout abc");
});

test("nothing in a word reaches the shell", () => {
  expect(["", "a b", "$(rm)", "`x`", "a;b", "ok-1.0"].map(quoted)).toEqual([
    ...["''", "'a b'", "'$(rm)'", "'`x`'", "'a;b'", "ok-1.0"],
  ]);
  expect(commandText(["C:\\py\\python.exe", "-m", "x"])).toBe("python.exe -m x");
});

test("requirements pin, or name where a package came from", () => {
  expect(
    requirementsText([
      ["a", "1.0"],
      ["b", "2 @ file:///src/b"],
    ]),
  ).toBe("a==1.0\nb @ file:///src/b");
});

test("names in code are quoted", () => {
  expect(readingCode("http://h", "r1", 'a"; 🧪\u202e')).toContain('get_metric_history("r1", "a\\"; 🧪\\u202e")');
  expect(readingCode("http://h", "r1", undefined)).not.toContain("pandas");
  expect(loadingCode("http://h", "models:/m-1")).toContain('load_model("models:/m-1")');
});
