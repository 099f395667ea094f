import { expect, test } from "vitest";
import { patchTokens, readPatch } from "./patch";

const PATCH = `diff --git a/train.py b/train.py
index 1..2 100644
--- a/train.py
+++ b/train.py
@@ -1,3 +1,3 @@ def main():
 same
--- was a comment of SQL
+++ counts up
 same
@@ -9 +9 @@
-old
\\ No newline at end of file
+new
diff --git a/my notes.txt b/my notes.txt
new file mode 100644
--- /dev/null
+++ b/my notes.txt
@@ -0,0 +1 @@
+hello`;

test("files are counted, and lines that look like headings are lines", () => {
  const { files, kinds } = readPatch(PATCH.split("\n"));
  expect(files).toEqual([
    { path: "train.py", line: 0, added: 2, removed: 2, note: "" },
    { path: "my notes.txt", line: 13, added: 1, removed: 0, note: "new file" },
  ]);
  expect(kinds.slice(2, 13)).toEqual([
    ...["head", "head", "hunk", "same", "removed", "added", "same", "hunk", "removed", "same", "added"],
  ]);
});

test("colours are for whole lines", () => {
  expect(patchTokens(["added", "same"])).toEqual([[{ start: 0, kind: "diff-added" }], []]);
});
