import { compareText } from "./cells";
import { type Preview, previewOf } from "./files";

/** A text file of two runs. */
export interface ComparedFile {
  path: string;
  /** Which of the two have it. */
  where: "both" | "left" | "right";
  /** Whether the two are known to differ, by their sizes. */
  differs: boolean;
}

const TEXTS: ReadonlySet<Preview> = new Set([
  "json",
  "yaml",
  "csv",
  "tsv",
  "markdown",
  "html",
  "notebook",
  "model",
  "text",
]);
/** What was not committed, and the script, tell most of why two runs differ. */
const FIRST = /^assay\/(uncommitted\.patch|source\/)/;
/** Compared in the table above. */
const ELSEWHERE = "assay/environment.json";

interface Listed {
  names: string[];
  sizes: Array<number | null>;
}

/**
 * Text files that both of two runs have, and the code of either: what differs first.
 *
 * Runs of `together` were started from the same code, which is not worth a comparison.
 */
export function comparedFiles(left: Listed, right: Listed, together = false): ComparedFile[] {
  const [inLeft, inRight] = [left, right].map(
    ({ names, sizes }) => new Map(names.map((name, at) => [name, sizes[at]])),
  );
  const paths = [...new Set([...left.names, ...right.names])].filter(
    (path) => TEXTS.has(previewOf(path)) && path !== ELSEWHERE && !(together && FIRST.test(path)),
  );
  return paths
    .flatMap((path): ComparedFile[] => {
      const both = inLeft!.has(path) && inRight!.has(path);
      if (!both && !FIRST.test(path)) return [];
      const where = both ? "both" : inLeft!.has(path) ? "left" : "right";
      return [{ path, where, differs: inLeft!.get(path) !== inRight!.get(path) }];
    })
    .sort((one, two) => weight(two) - weight(one) || compareText(one.path, two.path));
}

function weight({ path, differs }: ComparedFile): number {
  return Number(differs) * 2 + Number(FIRST.test(path));
}

/** The file to show first; undefined where there is none. */
export function usualFile(files: readonly ComparedFile[]): string | undefined {
  return files[0]?.path;
}
