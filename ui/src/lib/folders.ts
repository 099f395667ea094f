import { compareText } from "./cells";

/** What the tree needs to know of an experiment. */
export interface Placed {
  experiment_id: string;
  name: string;
  runs: number;
  running: number;
  failed: number;
  last_activity: number;
}

export interface FolderRow {
  kind: "folder";
  /** The folder's whole path, without a slash at its end. */
  path: string;
  label: string;
  depth: number;
  open: boolean;
  experiments: number;
  runs: number;
  running: number;
  failed: number;
  last_activity: number;
}

export interface ExperimentRow<One extends Placed> {
  kind: "experiment";
  experiment: One;
  /** The part of the name that the folders above leave to say. */
  label: string;
  depth: number;
}

export type TreeRow<One extends Placed> = FolderRow | ExperimentRow<One>;
export type TreeSort = { column: "name" | "runs" | "activity"; descending: boolean };

interface Folder<One extends Placed> {
  path: string;
  label: string;
  folders: Map<string, Folder<One>>;
  experiments: Array<{ label: string; experiment: One }>;
}

/** What counts of a folder or an experiment where they are put in order. */
interface Weighed {
  label: string;
  runs: number;
  last_activity: number;
}

/** The rows of a tree: experiments in the folders that their names spell, `vision/cats/base`; closed ones are one row. */
export function treeRows<One extends Placed>(
  experiments: readonly One[],
  { sort, open }: { sort: TreeSort; open: ReadonlySet<string> },
): Array<TreeRow<One>> {
  const rows: Array<TreeRow<One>> = [];
  addRows(rows, grown(experiments), { depth: 0, sort, open });
  return rows;
}

/** The rows of a plain list, with whole names. */
export function listRows<One extends Placed>(experiments: readonly One[], sort: TreeSort): Array<TreeRow<One>> {
  return experiments
    .map((experiment) => ({ kind: "experiment" as const, experiment, label: experiment.name, depth: 0 }))
    .sort((left, right) => inOrder(weighExperiment(left), weighExperiment(right), sort));
}

/** Whether any name spells a folder. */
export function hasFolders(experiments: readonly Placed[]): boolean {
  return experiments.some(({ name }) => name.includes("/"));
}

function grown<One extends Placed>(experiments: readonly One[]): Folder<One> {
  const root: Folder<One> = { path: "", label: "", folders: new Map(), experiments: [] };
  for (const experiment of experiments) {
    const parts = experiment.name.split("/").filter((part) => part.trim() !== "");
    const label = parts.pop() ?? experiment.name;
    let folder = root;
    for (const part of parts) {
      let next = folder.folders.get(part);
      if (!next) {
        const path = folder === root ? part : `${folder.path}/${part}`;
        next = { path, label: part, folders: new Map(), experiments: [] };
        folder.folders.set(part, next);
      }
      folder = next;
    }
    folder.experiments.push({ label, experiment });
  }
  return root;
}

interface Level {
  depth: number;
  sort: TreeSort;
  open: ReadonlySet<string>;
}

function addRows<One extends Placed>(rows: Array<TreeRow<One>>, folder: Folder<One>, level: Level): void {
  const { depth, sort, open } = level;
  const found: Array<{ row: TreeRow<One>; folder?: Folder<One>; weight: Weighed }> = folder.experiments.map((one) => {
    const row = { kind: "experiment" as const, depth, ...one };
    return { row, weight: weighExperiment(row) };
  });
  for (const given of folder.folders.values()) {
    const { inner, label } = joined(given);
    const only = inner.folders.size === 0 && inner.experiments.length === 1 ? inner.experiments[0] : undefined;
    if (only) {
      const row = { kind: "experiment" as const, depth, experiment: only.experiment, label: `${label}/${only.label}` };
      found.push({ row, weight: weighExperiment(row) });
      continue;
    }
    const row = {
      ...summed(inner),
      kind: "folder" as const,
      path: inner.path,
      label,
      depth,
      open: open.has(inner.path),
    };
    found.push({ row, folder: inner, weight: row });
  }
  found.sort((left, right) => inOrder(left.weight, right.weight, sort));
  for (const one of found) {
    rows.push(one.row);
    if (one.folder && one.row.kind === "folder" && one.row.open)
      addRows(rows, one.folder, { ...level, depth: depth + 1 });
  }
}

/** A folder that holds nothing but one folder is shown as one with it: `a/b`. */
function joined<One extends Placed>(folder: Folder<One>): { inner: Folder<One>; label: string } {
  let inner = folder;
  let label = folder.label;
  while (inner.experiments.length === 0 && inner.folders.size === 1) {
    inner = [...inner.folders.values()][0]!;
    label = `${label}/${inner.label}`;
  }
  return { inner, label };
}

type Sum = Pick<FolderRow, "experiments" | "runs" | "running" | "failed" | "last_activity">;

function summed<One extends Placed>(folder: Folder<One>): Sum {
  const sum: Sum = { experiments: folder.experiments.length, runs: 0, running: 0, failed: 0, last_activity: 0 };
  const add = (one: Omit<Sum, "experiments">) => {
    sum.runs += one.runs;
    sum.running += one.running;
    sum.failed += one.failed;
    sum.last_activity = Math.max(sum.last_activity, one.last_activity);
  };
  for (const { experiment } of folder.experiments) add(experiment);
  for (const inner of folder.folders.values()) {
    const part = summed(inner);
    sum.experiments += part.experiments;
    add(part);
  }
  return sum;
}

function weighExperiment({ label, experiment }: { label: string; experiment: Placed }): Weighed {
  return { label, runs: experiment.runs, last_activity: experiment.last_activity };
}

function inOrder(left: Weighed, right: Weighed, { column, descending }: TreeSort): number {
  const sign = descending ? -1 : 1;
  const byName = compareText(left.label, right.label);
  if (column === "name") return sign * byName;
  const difference = column === "runs" ? left.runs - right.runs : left.last_activity - right.last_activity;
  return sign * difference || byName;
}
