import { type Cell, compareText } from "./cells";
import { keyOf } from "./columns";
import { type DiffRow, diffRows } from "./diff";
import { type Frame, textAt } from "./frame";
import { rankMetrics } from "./metrics";
import { parseSurroundings } from "./provenance";

/** Lines of a comparison below one heading. */
export interface Section {
  title: string;
  noun: string;
  /** What its cells are. */
  kind: "metric" | "text" | "commit";
  rows: DiffRow[];
}

export type Statistic = "last" | "min" | "max";

const SYSTEM_TAG = /^(mlflow|assay)\./;
const COMMIT = "mlflow.source.git.commit";
const CODE_TAGS: Array<[string, string]> = [
  [COMMIT, "Commit"],
  ["mlflow.source.git.branch", "Branch"],
  ["mlflow.source.git.repoURL", "Repository"],
  ["mlflow.source.name", "Script"],
];
const PLACE_TAGS: Array<[string, string]> = [
  ["mlflow.user", "User"],
  ["assay.host", "Host"],
];
/** Tags that say what the kept environment says better, for runs that have none. */
const STAND_IN: Record<string, string> = { Python: "assay.python", GPUs: "assay.gpu" };

/** A line from the cells of each run. */
function lineOf(column: string, key: string, cells: Cell[]): DiffRow {
  return { column, key, cells, differs: cells.some((cell) => cell !== cells[0]) };
}

/** Metrics, the likeliest main one first; `extremes` holds their least or greatest values where these are wanted. */
export function metricSection(frame: Frame, extremes?: { frame: Frame; statistic: "min" | "max" }): Section {
  const rows = diffRows(frame, "metrics");
  const ranked = new Map(rankMetrics(rows.map((row) => row.key)).map((key, place) => [key, place]));
  rows.sort((left, right) => ranked.get(left.key)! - ranked.get(right.key)!);
  const known = new Map(extremes?.frame.runIds.map((id, row) => [id, row]));
  const shown = rows.map((row) => {
    const cells = extremes?.frame.columns.get(`metrics_${extremes.statistic}.${row.key}`);
    return cells
      ? lineOf(
          row.column,
          row.key,
          frame.runIds.map((id) => cells[known.get(id) ?? -1] ?? null),
        )
      : row;
  });
  return { title: "Metrics", noun: "metric", kind: "metric", rows: shown };
}

export function paramSection(frame: Frame): Section {
  return { title: "Params", noun: "param", kind: "text", rows: diffRows(frame, "params") };
}

/** Tags that people set. */
export function tagSection(frame: Frame): Section {
  const rows = diffRows(frame, "tags").filter((row) => !SYSTEM_TAG.test(row.key));
  return { title: "Tags", noun: "tag", kind: "text", rows };
}

function taggedLines(frame: Frame, tags: Array<[string, string]>): DiffRow[] {
  return tags.flatMap(([tag, label]) => {
    const cells = frame.columns.get(`tags.${tag}`);
    return cells?.some((cell) => cell !== null) ? [lineOf(`tags.${tag}`, label, [...cells])] : [];
  });
}

/** Commit, branch and script of each run. */
export function codeSection(frame: Frame): Section {
  return { title: "Code", noun: "fact", kind: "commit", rows: taggedLines(frame, CODE_TAGS) };
}

/** Python, machine and packages of each run: from the file kept with it, else from its tags. */
export function environmentSection(frame: Frame, files: ReadonlyArray<string | undefined>): Section {
  const told = files.map((text) => (text === undefined ? undefined : parseSurroundings(text)));
  const facts = told.map((one) => new Map(one?.facts));
  const labels = new Set([...Object.keys(STAND_IN), ...facts.flatMap((one) => [...one.keys()])]);
  const machine = [...labels].map((label) => {
    const cells = facts.map((one, row) => one.get(label) ?? standIn(frame, label, row));
    return lineOf(`environment.${label}`, label, cells);
  });
  const packages = told.map((one) => new Map(one?.packages));
  const names = [...new Set(packages.flatMap((one) => [...one.keys()]))].sort(compareText);
  const versions = names.map((name) =>
    lineOf(
      `package.${name}`,
      name,
      packages.map((one) => one.get(name) ?? null),
    ),
  );
  const rows = [
    ...taggedLines(frame, PLACE_TAGS),
    ...machine.filter((row) => row.cells.some((cell) => cell !== null)),
    ...versions,
  ];
  return { title: "Environment", noun: "fact", kind: "text", rows };
}

function standIn(frame: Frame, label: string, row: number): Cell {
  const tag = STAND_IN[label];
  const version = tag ? textAt(frame, `tags.${tag}`, row) : "";
  return version === "" ? null : label === "Python" ? `CPython ${version}` : version;
}

interface InputLike {
  tags?: Array<{ key: string; value?: string }>;
  dataset?: { name?: string; digest?: string };
}

/** The datasets that runs read, by name and what they were read for; the cell is the digest. */
export function datasetSection(inputs: ReadonlyArray<readonly InputLike[]>): Section {
  const read = inputs.map((one) => {
    const digests = new Map<string, string>();
    for (const { dataset, tags } of one) {
      const context = tags?.find((tag) => tag.key === "mlflow.data.context")?.value;
      const name = `${dataset?.name || "unnamed"}${context ? ` (${context})` : ""}`;
      digests.set(name, [digests.get(name), dataset?.digest ?? ""].filter(Boolean).join(", "));
    }
    return digests;
  });
  const names = [...new Set(read.flatMap((one) => [...one.keys()]))].sort(compareText);
  const rows = names.map((name) =>
    lineOf(
      `dataset.${name}`,
      name,
      read.map((one) => one.get(name) ?? null),
    ),
  );
  return { title: "Datasets", noun: "dataset", kind: "text", rows };
}

/** How many lines of some sections are equal in all runs. */
export function countEqual(sections: readonly Section[]): number {
  return sections.reduce((sum, section) => sum + section.rows.filter((row) => !row.differs).length, 0);
}

/** The columns to ask the server for the extremes of all metrics. */
export function extremeColumns(frame: Frame, statistic: Statistic): string[] {
  const names = [...frame.columns.keys()].filter((name) => name.startsWith("metrics."));
  return names.map((name) => `metrics_${statistic}.${keyOf(name)}`);
}
