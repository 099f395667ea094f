/** An entry of a folder; a folder itself has no size. */
export interface Entry {
  name: string;
  size: number | null;
}

interface Part {
  names: readonly string[];
  sizes: readonly (number | null)[];
  start: number;
  total: number;
  complete: boolean;
}

/** What is known of a folder: how much it holds, and the parts that were read so far. */
export class Listing {
  /** How many entries there are; one more than are known, where nobody knows how many follow. */
  total = 0;
  private ends = false;
  private readonly entries = new Map<number, Entry>();
  private readonly places = new Map<string, number>();

  add(part: Part): Listing {
    this.ends ||= part.complete;
    this.total = part.complete ? part.total : Math.max(this.total, part.total + 1);
    for (const [offset, name] of part.names.entries()) {
      this.entries.set(part.start + offset, { name, size: part.sizes[offset] ?? null });
      this.places.set(name, part.start + offset);
    }
    return this;
  }

  /** How many entries there are; -1 where nobody knows. */
  get size(): number {
    return this.ends ? this.total : -1;
  }

  at(index: number): Entry | undefined {
    return this.entries.get(index);
  }

  placeOf(name: string): number | undefined {
    return this.places.get(name);
  }
}

/** A line of the tree. `entry` is missing while its part of the folder was not read yet. */
export interface TreeRow {
  folder: string;
  index: number;
  siblings: number;
  depth: number;
  entry: Entry | undefined;
  path: string;
}

interface Segment {
  first: number;
  folder: string;
  from: number;
  count: number;
  depth: number;
  listing: Listing | undefined;
}

/** The lines of folders of any size: runs of neighbours, not lines, so that 100,000 files cost no more than ten. */
export class Tree {
  readonly count: number;
  private readonly segments: Segment[] = [];

  constructor(listings: ReadonlyMap<string, Listing>, open: ReadonlySet<string>, root = "") {
    let first = 0;
    const put = (segment: Omit<Segment, "first">) => {
      if (segment.count === 0) return;
      this.segments.push({ ...segment, first });
      first += segment.count;
    };
    const lay = (folder: string, depth: number) => {
      const listing = listings.get(folder);
      if (!listing) return put({ folder, from: 0, count: 1, depth, listing });
      let from = 0;
      for (const [index, path] of openBelow(folder, listing, open)) {
        put({ folder, from, count: index + 1 - from, depth, listing });
        lay(path, depth + 1);
        from = index + 1;
      }
      return put({ folder, from, count: listing.total - from, depth, listing });
    };
    lay(root, 0);
    this.count = first;
  }

  row(number: number): TreeRow {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.segments[middle]!.first <= number) low = middle;
      else high = middle - 1;
    }
    const { first, folder, from, depth, listing } = this.segments[low]!;
    const index = from + number - first;
    const entry = listing?.at(index);
    return { folder, index, siblings: listing?.size ?? 1, depth, entry, path: entry ? join(folder, entry.name) : "" };
  }

  /** The line of a path; undefined where it is not shown, or was not read. */
  lineOf(path: string): number | undefined {
    for (const { first, folder, from, count, listing } of this.segments) {
      if (!path.startsWith(folder && `${folder}/`)) continue;
      const place = listing?.placeOf(folder ? path.slice(folder.length + 1) : path);
      if (place !== undefined && place >= from && place < from + count) return first + place - from;
    }
    return undefined;
  }
}

function openBelow(folder: string, listing: Listing, open: ReadonlySet<string>): Array<[number, string]> {
  const found: Array<[number, string]> = [];
  const prefix = folder && `${folder}/`;
  for (const path of open) {
    if (path === "" || !path.startsWith(prefix)) continue;
    const place = listing.placeOf(path.slice(prefix.length));
    if (place !== undefined && listing.at(place)?.size === null) found.push([place, path]);
  }
  return found.sort(([left], [right]) => left - right);
}

export function join(folder: string, name: string): string {
  return folder ? `${folder}/${name}` : name;
}

/** The parts of folders, by their numbers, that lines in view need and that were not read. */
export function missingParts(tree: Tree, from: number, to: number, part: number): Map<string, Set<number>> {
  const missing = new Map<string, Set<number>>();
  for (let number = Math.max(0, from); number < Math.min(tree.count, to); number++) {
    const { entry, folder, index } = tree.row(number);
    if (entry) continue;
    const parts = missing.get(folder) ?? new Set<number>();
    missing.set(folder, parts.add(Math.floor(index / part)));
  }
  return missing;
}
