import { comparePlaces, placeOf } from "./cells";
import { isMetric, keyOf } from "./columns";
import { cellAt, type Frame, type SortKey } from "./frame";
import type { Direction } from "./metrics";
import { flatLines, type Openness, type RunLine } from "./run-tree";
import type { GroupStat } from "./url-state";

/** Figures of one metric in a group. */
export interface Figures {
  count: number;
  mean: number;
  std: number | null;
  min: number;
  max: number;
}

/** Runs with the same values, as the server tells them. */
export interface LeafGroup {
  values: (string | null)[];
  runs: number;
  metrics: Record<string, Figures>;
}

export interface Group extends LeafGroup {
  /** Groups that tell its runs apart further. */
  inner: Group[];
}

export interface GroupLine {
  kind: "group";
  key: string;
  level: number;
  open: boolean;
  group: Group;
  /** The column whose value its runs share, and that value. */
  column: string;
  value: string | null;
}

export type Line = RunLine | GroupLine;

/** Figures of groups together, the deviation from the mean of all. */
export function combine(parts: readonly Figures[]): Figures {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const mean = parts.reduce((sum, part) => sum + part.mean * (part.count / count), 0);
  const squares = parts.reduce(
    (sum, part) => sum + (part.count - 1) * (part.std ?? 0) ** 2 + part.count * (part.mean - mean) ** 2,
    0,
  );
  return {
    count,
    mean,
    std: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    min: Math.min(...parts.map((part) => part.min)),
    max: Math.max(...parts.map((part) => part.max)),
  };
}

/** Groups by the first value, with those by the second one in them. */
export function nest(groups: readonly LeafGroup[]): Group[] {
  const byFirst = new Map<string | null, Group[]>();
  for (const group of groups) {
    const first = group.values[0] ?? null;
    byFirst.set(first, [...(byFirst.get(first) ?? []), { ...group, inner: [] }]);
  }
  return [...byFirst].map(([first, inner]) => {
    if (inner.length === 1 && inner[0]!.values.length === 1) return inner[0]!;
    const keys = new Set(inner.flatMap((group) => Object.keys(group.metrics)));
    const metrics = [...keys].map((key): [string, Figures] => [
      key,
      combine(inner.flatMap((group) => group.metrics[key] ?? [])),
    ]);
    return {
      values: [first],
      runs: inner.reduce((sum, group) => sum + group.runs, 0),
      metrics: Object.fromEntries(metrics),
      inner,
    };
  });
}

/** One figure of a metric in a group; undefined where it has none. */
export function figureOf(figures: Figures | undefined, stat: GroupStat, direction: Direction): number | undefined {
  if (!figures) return undefined;
  if (stat === "best") return direction === "max" ? figures.max : figures.min;
  return figures[stat] ?? undefined;
}

export interface Grouping {
  by: readonly string[];
  sort: readonly SortKey[];
  stat: GroupStat;
  directionOf: (metric: string) => Direction;
}

/** Groups in the order of the table: by a figure of a metric or by their values where sorted so, else the largest first. */
export function sortGroups(groups: readonly Group[], level: number, grouping: Grouping): Group[] {
  const { by, sort, stat, directionOf } = grouping;
  const key = sort.find(({ column }) => isMetric(column) || column === by[level]);
  if (!key) return [...groups].sort((left, right) => right.runs - left.runs);
  const placed = groups.map((group) => {
    const metric = keyOf(key.column);
    const figure = isMetric(key.column) ? figureOf(group.metrics[metric], stat, directionOf(metric)) : undefined;
    return { group, place: placeOf(isMetric(key.column) ? (figure ?? null) : (group.values[level] ?? null)) };
  });
  placed.sort((left, right) => comparePlaces(left.place, right.place, key.descending));
  return placed.map(({ group }) => group);
}

/** Groups as lines with the groups and runs in those that are open. `rows` are the runs at hand, in order. */
export function groupLines(
  frame: Frame,
  rows: readonly number[],
  groups: readonly Group[],
  { open, grouping, level = 0, path = "" }: { open: Openness; grouping: Grouping; level?: number; path?: string },
): Line[] {
  const column = grouping.by[level] ?? "";
  return sortGroups(groups, level, grouping).flatMap((group): Line[] => {
    const value = group.values[level] ?? null;
    const key = `${path}${value === null ? "~" : `=${value}`}`;
    const isOpen = open.has(key);
    const line: GroupLine = { kind: "group", key, level: level + 1, open: isOpen, group, column, value };
    if (!isOpen) return [line];
    const members = rows.filter((row) => {
      const cell = cellAt(frame, column, row);
      return cell === null ? value === null : String(cell) === value;
    });
    if (group.inner.length === 0) return [line, ...flatLines(frame, members, level + 2)];
    return [line, ...groupLines(frame, members, group.inner, { open, grouping, level: level + 1, path: `${key}/` })];
  });
}

/** The filter that finds the runs of a group: `null` where its column is missing. */
export function groupFilter(parts: ReadonlyArray<{ name: string; value: string | null }>): string {
  return parts
    .map(({ name, value }) => {
      if (value === null) return `${name} IS NULL`;
      return `${name} = ${value.includes("'") ? `"${value}"` : `'${value}'`}`;
    })
    .join(" AND ");
}
