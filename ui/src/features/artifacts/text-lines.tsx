import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { formatCount } from "../../lib/format";
import { cutRow, findHits, type Hit, layRows, rowOfLine, splitLines, type Token } from "../../lib/lines";

const ROW = 19;
const MOST_HITS = 10_000;
const NO_HITS: Hit[] = [];
const NO_TOKENS: Token[] = [];

interface Props {
  text: string;
  /** Colours by line; undefined while there are none. */
  tokens: Token[][] | undefined;
  numbered?: boolean;
}

/** A text by lines of which only those in view are in the page, with search, wrapping, and links to lines. */
export function TextLines({ text, tokens, numbered = true }: Props) {
  const values = new URLSearchParams(useQueryText());
  const marked = Number(values.get("line") ?? 0);
  const wrap = values.get("wrap") === "1";
  const lines = useMemo(() => splitLines(text), [text]);
  const gutter = numbered ? String(lines.length).length + 3 : 1;
  const box = useRef<HTMLDivElement>(null);
  const columns = useColumns(box, gutter);
  const rows = useMemo(() => layRows(lines, wrap ? columns : undefined), [lines, wrap, columns]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  const search = useSearch(lines, (hit) => virtual.scrollToIndex(rowOfLine(rows, hit.line), { align: "center" }));
  useEffect(() => {
    if (marked > 0) virtual.scrollToIndex(rowOfLine(rows, marked - 1), { align: "center" });
  }, [marked, rows, virtual]);
  const widest = useMemo(() => rows.reduce((most, row) => Math.max(most, row.end - row.start), 0), [rows]);
  return (
    <>
      <div className="text-tools">
        <SearchBox {...search} />
        <label className="check">
          <input
            type="checkbox"
            checked={wrap}
            onChange={(event) => setParameters({ wrap: event.target.checked ? "1" : "" })}
          />
          Wrap lines
        </label>
        {marked > lines.length && <span className="muted">Line {formatCount(marked)} is not in the part shown.</span>}
      </div>
      <div ref={box} className="text-view mono" tabIndex={0} role="region" aria-label="Text of the file">
        <div style={{ height: virtual.getTotalSize(), minWidth: wrap ? undefined : `${widest + gutter + 2}ch` }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]!;
            const first = row.start === 0;
            const hits = search.hitsOf(row.line);
            return (
              <div
                key={index}
                className={row.line === marked - 1 ? "text-line marked" : "text-line"}
                style={{ transform: `translateY(${start}px)` }}
              >
                <LineNumber line={row.line} shown={numbered && first} width={gutter} />
                {cutRow(lines[row.line] ?? "", row, tokens?.[row.line] ?? NO_TOKENS, hits).map((piece) => (
                  <span key={piece.start} className={piece.hit ? `${piece.kind} hit` : piece.kind}>
                    {piece.text}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

function LineNumber({ line, shown, width }: { line: number; shown: boolean; width: number }) {
  const style = { width: `${width - 1}ch` };
  if (!shown) return <span className="line-number" style={style} />;
  const select = () => setParameters({ line: String(line + 1) });
  return (
    <button
      type="button"
      tabIndex={-1}
      className="line-number"
      style={style}
      title="Link to this line"
      onClick={select}
    >
      {line + 1}
    </button>
  );
}

/** How many characters stand beside the line numbers. */
function useColumns(box: RefObject<HTMLDivElement | null>, gutter: number): number {
  const [columns, setColumns] = useState(100);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const probe = document.createElement("span");
    probe.textContent = "0".repeat(100);
    probe.className = "text-probe";
    element.append(probe);
    const character = probe.getBoundingClientRect().width / 100 || 8;
    probe.remove();
    const watcher = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      setColumns(Math.max(20, Math.floor(width / character) - gutter - 2));
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [box, gutter]);
  return columns;
}

interface Search {
  wanted: string;
  setWanted: (wanted: string) => void;
  hits: Hit[];
  at: number;
  move: (step: number) => void;
}

function useSearch(lines: string[], show: (hit: Hit) => void) {
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const late = useDeferredValue(wanted);
  const hits = useMemo(() => findHits(lines, late, MOST_HITS), [lines, late]);
  const byLine = useMemo(() => groupHits(hits), [hits]);
  const move = (step: number) => {
    if (hits.length === 0) return;
    const next = (at + step + hits.length) % hits.length;
    setAt(next);
    show(hits[next]!);
  };
  const ask = (text: string) => {
    setWanted(text);
    setAt(-1);
  };
  return { wanted, setWanted: ask, hits, at, move, hitsOf: (line: number) => byLine.get(line) ?? NO_HITS };
}

function SearchBox({ wanted, setWanted, hits, at, move }: Search) {
  const count = `${formatCount(hits.length)}${hits.length >= MOST_HITS ? " or more" : ""}`;
  const words = at >= 0 ? `${formatCount(at + 1)} of ${count}` : `${count} found`;
  return (
    <div className="text-search" role="search">
      <Icon name="search" />
      <input
        type="search"
        className="field"
        placeholder="Search in the file"
        aria-label="Search in the file"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          move(event.shiftKey ? -1 : 1);
        }}
      />
      {wanted !== "" && (
        <span className="muted" role="status">
          {words}
        </span>
      )}
    </div>
  );
}

function groupHits(hits: Hit[]): Map<number, Hit[]> {
  const lines = new Map<number, Hit[]>();
  for (const hit of hits) {
    const line = lines.get(hit.line);
    if (line) line.push(hit);
    else lines.set(hit.line, [hit]);
  }
  return lines;
}
