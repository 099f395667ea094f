import { useState } from "react";
import { formatCount } from "../lib/format";

const STEP = 100;

export interface More {
  /** How many rows are in the page. */
  limit: number;
  show: () => void;
}

/** A long table begins with a part of its rows; it begins again when `scope` changes. */
export function useMore(scope: string, first = STEP): More {
  const [shown, setShown] = useState({ scope, limit: first });
  const limit = shown.scope === scope ? shown.limit : first;
  return { limit, show: () => setShown({ scope, limit: limit + STEP }) };
}

/** Puts the next rows into the page; nothing where all are there. */
export function MoreButton({ more: { limit, show }, count }: { more: More; count: number }) {
  if (count <= limit) return null;
  return (
    <button type="button" className="button more-rows" onClick={show}>
      Show {formatCount(Math.min(STEP, count - limit))} more
    </button>
  );
}
