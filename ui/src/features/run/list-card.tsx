import type { ReactNode } from "react";
import { formatCount } from "../../lib/format";

const MOST_UNSEARCHED = 12;

interface CardProps {
  title: string;
  count: number;
  empty: string;
  search: string;
  onSearch: (search: string) => void;
  children: ReactNode;
}

/** A card of rows with their count, and a search where they are many. */
export function ListCard({ title, count, empty, search, onSearch, children }: CardProps) {
  return (
    <section className="card list-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="muted">{formatCount(count)}</span>
        {count > MOST_UNSEARCHED && (
          <input
            className="field"
            type="search"
            aria-label={`Search ${title.toLowerCase()}`}
            placeholder="Search"
            value={search}
            onChange={(event) => onSearch(event.target.value)}
          />
        )}
      </header>
      {count === 0 ? <p className="muted list-empty">{empty}</p> : children}
    </section>
  );
}
