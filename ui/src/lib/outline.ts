/** A line of a value that unfolds. `key` names it for opening and closing. */
export interface OutlineRow {
  key: string;
  depth: number;
  name: string | undefined;
  kind: "branch" | "leaf" | "more";
  value: unknown;
  /** Children of a branch; of "more", how many are left out. */
  count: number;
}

const FIRST_CHILDREN = 200;
const MORE_CHILDREN = 2000;
const OPEN_DEPTH = 2;
const MOST_OPEN = 40;

/** Which branches a reader opened or closed (others are open where small and near the root), and asked more of. */
export interface Folding {
  toggled: ReadonlySet<string>;
  asked: ReadonlyMap<string, number>;
}

export const UNFOLDED: Folding = { toggled: new Set(), asked: new Map() };

export function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Date);
}

export function isOpen({ key, depth, count }: OutlineRow, { toggled }: Folding): boolean {
  const natural = depth === 0 || (depth < OPEN_DEPTH && count <= MOST_OPEN);
  return toggled.has(key) ? !natural : natural;
}

/** The visible lines of a value, found without recursion: values nested 10,000 deep are no danger. */
export function outline(value: unknown, folding: Folding): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const waiting: OutlineRow[] = [rowOf(value, undefined, "$", 0)];
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    rows.push(row);
    if (row.kind !== "branch" || !isOpen(row, folding)) continue;
    const limit = folding.asked.get(row.key) ?? FIRST_CHILDREN;
    const children = firstEntries(row.value as object, limit);
    if (row.count > limit) {
      const more = { ...row, key: row.key, depth: row.depth + 1, name: undefined, kind: "more" as const };
      waiting.push({ ...more, count: row.count - limit });
    }
    for (let at = children.length - 1; at >= 0; at--) {
      const [name, child] = children[at]!;
      waiting.push(rowOf(child, name, `${row.key}.${at}`, row.depth + 1));
    }
  }
  return rows;
}

function firstEntries(value: object, limit: number): Array<[string, unknown]> {
  if (Array.isArray(value)) return value.slice(0, limit).map((child, index) => [String(index), child as unknown]);
  return Object.entries(value).slice(0, limit);
}

function rowOf(value: unknown, name: string | undefined, key: string, depth: number): OutlineRow {
  if (!isBranch(value)) return { key, depth, name, kind: "leaf", value, count: 0 };
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  return { key, depth, name, kind: "branch", value, count };
}

export function toggle(folding: Folding, key: string): Folding {
  const toggled = new Set(folding.toggled);
  if (!toggled.delete(key)) toggled.add(key);
  return { ...folding, toggled };
}

export function askMore(folding: Folding, key: string): Folding {
  const asked = new Map(folding.asked);
  return { ...folding, asked: asked.set(key, (asked.get(key) ?? FIRST_CHILDREN) + MORE_CHILDREN) };
}
