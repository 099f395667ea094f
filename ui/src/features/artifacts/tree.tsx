import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Owner } from "../../api/artifacts";
import { PART, useListings, usePartOf } from "../../api/files";
import { foldersAbove } from "../../lib/files";
import { missingParts, Tree } from "../../lib/tree";
import { TreeLine } from "./tree-line";

const ROW = 28;
const OVERSCAN = 12;
const FIRST = new Set([0]);

interface Props {
  owner: Owner;
  /** What is chosen, and where the reader stands at first. */
  chosen: string;
  /** Only files below with this in their names, in one list. */
  contains: string;
  open: ReadonlySet<string>;
  onOpen: (open: Set<string>) => void;
  onChoose: (path: string) => void;
}

/** Folders and files of any number: only the lines in view are in the page, and only parts that were seen are read. */
export function FileTree({ owner, chosen, contains, open, onOpen, onChoose }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const { tree, want } = useTree(owner, contains, open, chosen);
  const [active, setActive] = useState(chosen);
  const virtual = useVirtualizer({
    count: tree.count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const [from, to] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  useEffect(() => want(missingParts(tree, from, to, PART)), [tree, from, to, want]);

  // A permalink leads to its line, once that line is known.
  const line = tree.lineOf(chosen);
  const shown = useRef("");
  useEffect(() => {
    if (line === undefined || shown.current === chosen) return;
    shown.current = chosen;
    setActive(chosen);
    virtual.scrollToIndex(line, { align: "auto" });
  }, [line, chosen, virtual]);

  const current = tree.lineOf(active) ?? 0;
  const goTo = (number: number) => {
    const target = Math.max(0, Math.min(tree.count - 1, number));
    virtual.scrollToIndex(target, { align: "auto" });
    const { path } = tree.row(target);
    if (path) setActive(path);
  };
  const setOpen = (path: string, opened: boolean) => {
    const next = new Set(open);
    if (opened) next.add(path);
    else next.delete(path);
    onOpen(next);
  };
  const act = (number: number) => {
    const { path, entry } = tree.row(number);
    if (!entry) return;
    setActive(path);
    if (entry.size === null) setOpen(path, !open.has(path));
    onChoose(path);
  };
  const typed = useTyping((text) => {
    const found = nextNamed(tree, current, text);
    if (found !== undefined) goTo(found);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / ROW) - 1);
    const { entry, path, folder } = tree.row(current);
    const isFolder = entry?.size === null;
    const moves: Record<string, () => void> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      PageDown: () => goTo(current + page),
      PageUp: () => goTo(current - page),
      Home: () => goTo(0),
      End: () => goTo(tree.count - 1),
      ArrowRight: () => (isFolder ? (open.has(path) ? goTo(current + 1) : setOpen(path, true)) : undefined),
      ArrowLeft: () => (isFolder && open.has(path) ? setOpen(path, false) : goTo(tree.lineOf(folder) ?? current)),
      Enter: () => act(current),
      " ": () => act(current),
    };
    const move = moves[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move) move();
    else if (event.key.length === 1) typed(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={box}
      className="tree-box"
      role="tree"
      tabIndex={0}
      aria-label="Files"
      aria-activedescendant={current >= from && current < to ? `${id}-${current}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = tree.row(index);
          return (
            <TreeLine
              key={index}
              id={`${id}-${index}`}
              row={row}
              top={start}
              flat={contains !== ""}
              open={open.has(row.path)}
              chosen={row.path !== "" && row.path === chosen}
              active={index === current}
              onAct={() => act(index)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The tree of what was read, and a way to have more of it read. */
function useTree(owner: Owner, contains: string, open: ReadonlySet<string>, chosen: string) {
  const [more, setMore] = useState<ReadonlyMap<string, ReadonlySet<number>>>(new Map());
  const folder = foldersAbove(chosen).at(-1) ?? "";
  const wanted = useMemo(() => {
    const all = new Map<string, ReadonlySet<number>>([["", more.get("") ?? FIRST]]);
    if (contains === "") for (const path of open) all.set(path, new Set([...FIRST, ...(more.get(path) ?? [])]));
    return all;
  }, [more, open, contains]);
  const { listings } = useListings(owner, wanted, contains);
  const tree = useMemo(() => new Tree(listings, contains === "" ? open : new Set()), [listings, open, contains]);
  const large = (listings.get(folder)?.total ?? 0) > PART;
  const part = usePartOf(owner, chosen, contains === "" && large && tree.lineOf(chosen) === undefined);
  const want = useRef((missing: Map<string, Set<number>>) =>
    setMore((present) => {
      const next = new Map(present);
      let changed = false;
      for (const [path, parts] of missing) {
        const known = next.get(path) ?? FIRST;
        if ([...parts].every((one) => known.has(one))) continue;
        next.set(path, new Set([...known, ...parts]));
        changed = true;
      }
      return changed ? next : present;
    }),
  ).current;
  useEffect(() => {
    if (part !== undefined) want(new Map([[folder, new Set([part])]]));
  }, [part, folder, want]);
  return { tree, want };
}

const PAUSE = 700;

/** Letters typed one after the other, as the beginning of a name. */
function useTyping(onTyped: (text: string) => void): (letter: string) => void {
  const state = useRef({ text: "", at: 0 });
  return (letter) => {
    const now = Date.now();
    const text = now - state.current.at > PAUSE ? letter : state.current.text + letter;
    state.current = { text, at: now };
    onTyped(text.toLowerCase());
  };
}

const MOST_LOOKED_AT = 5000;

function nextNamed(tree: Tree, current: number, text: string): number | undefined {
  const from = text.length === 1 ? 1 : 0;
  for (let step = from; step < Math.min(tree.count, MOST_LOOKED_AT); step++) {
    const number = (current + step) % tree.count;
    if (tree.row(number).entry?.name.toLowerCase().startsWith(text)) return number;
  }
  return undefined;
}
