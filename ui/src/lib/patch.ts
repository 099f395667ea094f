import type { Token } from "./lines";

/** A file that a patch changes. */
export interface PatchedFile {
  path: string;
  /** The line of the patch where it begins, from 0 on. */
  line: number;
  added: number;
  removed: number;
  /** What happens to the file beside its lines: "new file", "deleted", "renamed", or nothing. */
  note: string;
}

/** How a line of a patch is shown. */
export type PatchLine = "added" | "removed" | "hunk" | "head" | "same";

export interface Patch {
  files: PatchedFile[];
  kinds: PatchLine[];
}

const HEADS: Array<[RegExp, string]> = [
  [/^new file mode/, "new file"],
  [/^deleted file mode/, "deleted"],
  [/^rename from/, "renamed"],
];

const BEGINS = /^diff --git (?:"?a\/.*?"?) "?b\/(.*?)"?$/;
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** A patch as `git diff` writes it, line by line. Lines of a hunk are counted, so that none is taken for a heading. */
export function readPatch(lines: readonly string[]): Patch {
  const files: PatchedFile[] = [];
  const kinds: PatchLine[] = [];
  let left = { old: 0, new: 0 };
  for (const [number, line] of lines.entries()) {
    if (left.old > 0 || left.new > 0) {
      kinds.push(inHunk(line, left, files.at(-1)));
      continue;
    }
    const [, old, fresh] = HUNK.exec(line) ?? [];
    const hunk = HUNK.test(line);
    if (hunk) left = { old: Number(old ?? 1), new: Number(fresh ?? 1) };
    else readHead(line, number, files);
    kinds.push(hunk ? "hunk" : line.startsWith("\\") ? "same" : "head");
  }
  return { files, kinds };
}

function readHead(line: string, number: number, files: PatchedFile[]): void {
  const path = BEGINS.exec(line)?.[1];
  const file = files.at(-1);
  if (path !== undefined) files.push({ path, line: number, added: 0, removed: 0, note: "" });
  else if (file) file.note ||= HEADS.find(([head]) => head.test(line))?.[1] ?? "";
}

function inHunk(line: string, left: { old: number; new: number }, file: PatchedFile | undefined): PatchLine {
  if (line.startsWith("\\")) return "same"; // no newline at the end of the file
  if (line.startsWith("+")) {
    left.new--;
    if (file) file.added++;
    return "added";
  }
  left.old--;
  if (line.startsWith("-")) {
    if (file) file.removed++;
    return "removed";
  }
  left.new--;
  return "same";
}

/** The lines of a patch in the colours of their kind. */
export function patchTokens(kinds: readonly PatchLine[]): Token[][] {
  return kinds.map((kind) => (kind === "same" ? [] : [{ start: 0, kind: `diff-${kind}` }]));
}
