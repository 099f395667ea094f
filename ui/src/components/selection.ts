import { useCallback, useMemo, useRef, useState } from "react";
import { joinList } from "../lib/url-state";
import { setParameters } from "./parameters";

/** Selections up to here are part of the address; longer ones would make it unusable. */
const MOST_IN_ADDRESS = 50;

export interface Selection {
  selected: ReadonlySet<string>;
  toggle: (index: number, range: boolean) => void;
  toggleAll: () => void;
  clear: () => void;
}

interface Options {
  /** Where the address keeps them. */
  parameter: string;
  initial: string[];
  /** How many can be selected. */
  total: number;
  /** The id of what stands in a line, if it can be selected. */
  idAt: (index: number) => string | undefined;
  /** All that can be selected, whether on screen or not. */
  allIds: () => Promise<string[]> | string[];
}

/** What is selected in a list, kept in the address. */
export function useSelection(options: Options): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set(options.initial));
  const anchor = useRef(0);
  const current = useRef({ ...options, selected });
  current.current = { ...options, selected };
  const change = useCallback((next: ReadonlySet<string>) => {
    setSelected(next);
    setParameters({ [current.current.parameter]: next.size <= MOST_IN_ADDRESS ? joinList([...next]) : "" });
  }, []);
  const toggle = useCallback(
    (index: number, range: boolean) => {
      const { idAt, selected: before } = current.current;
      const from = range ? Math.min(anchor.current, index) : index;
      const to = range ? Math.max(anchor.current, index) : index;
      const ids = Array.from({ length: to - from + 1 }, (_, step) => idAt(from + step)).filter(
        (id) => id !== undefined,
      );
      const [first] = ids;
      if (first === undefined) return;
      const next = new Set(before);
      if (!range) anchor.current = index;
      if (range || !next.delete(first)) for (const id of ids) next.add(id);
      change(next);
    },
    [change],
  );
  const clear = useCallback(() => change(new Set()), [change]);
  const toggleAll = useCallback(async () => {
    const { selected: before, total, allIds } = current.current;
    change(before.size >= total ? new Set() : new Set(await allIds()));
  }, [change]);
  return useMemo(
    () => ({ selected, toggle, toggleAll: () => void toggleAll(), clear }),
    [selected, toggle, toggleAll, clear],
  );
}
