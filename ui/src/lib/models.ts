import { type Cell, compareText, toFinite } from "./cells";
import type { Frame } from "./frame";
import { type Direction, guessDirection, knownDirection, rankMetrics } from "./metrics";

/** A version as far as it is looked at here. */
export interface VersionLike {
  name: string;
  version: string;
  aliases?: string[];
}

/** Versions with columns that belong to them, as the server sends them. */
export interface VersionsLike {
  versions: VersionLike[];
  columns: Record<string, Cell[]>;
}

/** Versions as rows of a table: a row is named by its number. */
export function versionFrame({ versions, columns }: VersionsLike): Frame {
  return { runIds: versions.map((one) => one.version), columns: new Map(Object.entries(columns)) };
}

/** Aliases with the one in use first, the others by name. */
export function byUse<Alias extends { alias: string }>(aliases: readonly Alias[]): Alias[] {
  const main = mainAlias(aliases);
  return aliases.toSorted(
    (left, right) => Number(right === main) - Number(left === main) || compareText(left.alias, right.alias),
  );
}

export interface Standing {
  metric: string;
  direction: Direction;
  /** The version that an alias stands for, most likely the one in use. */
  chosen: { alias: string; version: string; value: number } | undefined;
  latest: { version: string; value: number } | undefined;
}

const IN_USE = ["champion", "production", "prod", "live"];

/** The alias that most likely names the version in use. */
export function mainAlias<Alias extends { alias: string }>(aliases: readonly Alias[]): Alias | undefined {
  const known = IN_USE.map((name) => aliases.find((one) => one.alias.toLowerCase() === name));
  return known.find((one) => one !== undefined) ?? aliases[0];
}

/** The main metric of a model: of the version in use, and of the latest. Undefined where neither has one. */
export function standingOf(
  name: string,
  aliases: ReadonlyArray<{ alias: string; version: string }>,
  shown: VersionsLike,
): Standing | undefined {
  const places = shown.versions.flatMap((one, place) => (one.name === name ? [place] : []));
  const latest = places.toSorted(
    (left, right) => Number(shown.versions[right]!.version) - Number(shown.versions[left]!.version),
  )[0];
  const alias = mainAlias(aliases);
  const chosen = places.find((place) => shown.versions[place]!.version === alias?.version);
  const of = (metric: string, place: number | undefined) =>
    place === undefined ? undefined : toFinite(shown.columns[`metrics.${metric}`]?.[place]);
  const keys = Object.keys(shown.columns)
    .filter((column) => column.startsWith("metrics."))
    .map((column) => column.slice("metrics.".length))
    .filter((key) => of(key, chosen) !== undefined || of(key, latest) !== undefined);
  const metric = rankMetrics(keys)[0];
  if (metric === undefined) return undefined;
  const [inUse, newest] = [of(metric, chosen), of(metric, latest)];
  return {
    metric,
    direction: guessDirection(metric),
    chosen: alias && inUse !== undefined ? { ...alias, value: inUse } : undefined,
    latest:
      latest !== undefined && newest !== undefined
        ? { version: shown.versions[latest]!.version, value: newest }
        : undefined,
  };
}

/** Whether a change of a metric is for the better; undefined where its name does not say, or nothing changed. */
export function isBetter(metric: string, from: number, to: number): boolean | undefined {
  const direction = knownDirection(metric);
  if (direction === undefined || from === to) return undefined;
  return direction === "max" ? to > from : to < from;
}

/** The change of an alias with the version that it stood for before, empty for none. */
export interface AliasMove<Change> {
  change: Change;
  from: string;
}

/** Changes of one alias, the last first, each with what it stood for before. */
export function movesOf<Change extends { version?: string }>(changes: readonly Change[]): Array<AliasMove<Change>> {
  return changes.map((change, place) => ({ change, from: changes[place + 1]?.version ?? "" }));
}

/** The version that an alias stood for last before the present one, of those that still exist. */
export function versionBefore(
  changes: ReadonlyArray<{ version?: string }>,
  present: string,
  exists: (version: string) => boolean,
): string | undefined {
  return changes.map((change) => change.version ?? "").find((one) => one !== "" && one !== present && exists(one));
}

const APPROVAL = "assay.approved_by.";

/** A tag as people read it: who approves of a version is kept as a tag, too. */
export function tagInWords({ key, value = "" }: { key: string; value?: string }): { name: string; value: string } {
  if (key.startsWith(APPROVAL)) return { name: `approved by ${key.slice(APPROVAL.length)}`, value };
  return { name: key, value };
}

/** Whether a tag was set by people, not by the tools that log. */
export function isOwnTag({ key }: { key: string }): boolean {
  return key.startsWith(APPROVAL) || !/^(mlflow|assay)\./.test(key);
}

/** The numbers of versions in an address, each once, in order; parts that are none are left out. */
export function parseVersions(text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  return [...new Set(parts.filter((part) => /^\d{1,15}$/.test(part)).map((part) => String(Number(part))))];
}

/** A part of a path: names may hold all that an address gives a meaning to. */
export function modelPath(name: string, ...rest: string[]): string {
  return ["", "models", name, ...rest].map(encodeURIComponent).join("/");
}
