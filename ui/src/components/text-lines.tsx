import "../styles/text.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ReactNode,
  type RefObject,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { formatCount } from "../lib/format";
import { cutRow, findHits, type Hit, layRows, rowOfLine, splitLines, type Token } from "../lib/lines";
import { Icon } from "./icons";
import { setParameters, useQueryText } from "./parameters";

const ROW = 19;
const MOST_HITS = 10_000;
const NO_HITS: Hit[] = [];
const NO_TOKENS: Token[] = [];

interface Props {
  text: string;
  /** Colours by line; undefined while there are none. */
  tokens: Token[][] | undefined;
  numbered?: boolean;
  /** What the text is, for names: "file", "log". */
  what?: string;
  /** The class of a line, which stands over its whole width. */
  kindOf?: (line: number) => string;
  /** Whether the end stays in view while the text grows, unless the reader has left it. */
  follow?: boolean;
  /** More tools, beside the search. */
  children?: ReactNode;
}

/** A text by lines of which only those in view are in the page, with search, wrapping, and links to lines. */
export function TextLines({ text, tokens, numbered = true, what = "file", kindOf, follow = false, children }: Props) {
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
  const shown = useRef(0);
  useEffect(() => {
    if (marked === shown.current) return;
    shown.current = marked;
    if (marked > 0) virtual.scrollToIndex(rowOfLine(rows, marked - 1), { align: "center" });
  }, [marked, rows, virtual]);
  const end = useEnd(box, follow && marked === 0, rows.length, () =>
    virtual.scrollToIndex(rows.length - 1, { align: "end" }),
  );
  const widest = useMemo(() => rows.reduce((most, row) => Math.max(most, row.end - row.start), 0), [rows]);
  return (
    <>
      <div className="text-tools">
        <SearchBox {...search} what={what} />
        <label className="check">
          <input
            type="checkbox"
            checked={wrap}
            onChange={(event) => setParameters({ wrap: event.target.checked ? "1" : "" })}
          />
          Wrap lines
        </label>
        {children}
        {marked > lines.length && <span className="muted">Line {formatCount(marked)} is not in the part shown.</span>}
      </div>
      <div
        ref={box}
        className="text-view mono"
        tabIndex={0}
        role="region"
        aria-label={`Text of the ${what}`}
        onScroll={end.onScroll}
      >
        <div style={{ height: virtual.getTotalSize(), minWidth: wrap ? undefined : `${widest + gutter + 2}ch` }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]!;
            const first = row.start === 0;
            const hits = search.hitsOf(row.line);
            return (
              <div
                key={index}
                className={`text-line ${row.line === marked - 1 ? "marked" : (kindOf?.(row.line) ?? "")}`}
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
      {end.left && (
        <button type="button" className="button text-to-end" onClick={end.goTo}>
          <Icon name="fall" />
          To the end
        </button>
      )}
    </>
  );
}

const NEAR = 2 * ROW;

/** Keeps the end in view while `wanted`, and tells when the reader has left it. */
function useEnd(box: RefObject<HTMLDivElement | null>, wanted: boolean, rows: number, show: () => void) {
  const [left, setLeft] = useState(!wanted);
  const onScroll = () => {
    const element = box.current;
    if (!wanted || !element) return;
    setLeft(element.scrollHeight - element.scrollTop - element.clientHeight > NEAR);
  };
  const goTo = () => {
    setLeft(false);
    show();
  };
  const latest = useRef(show);
  latest.current = show;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows the number of rows
  useEffect(() => {
    if (wanted && !left) latest.current();
  }, [wanted, left, rows]);
  return { left: wanted && left, onScroll, goTo };
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

function SearchBox({ wanted, setWanted, hits, at, move, what }: Search & { what: string }) {
  const count = `${formatCount(hits.length)}${hits.length >= MOST_HITS ? " or more" : ""}`;
  const words = at >= 0 ? `${formatCount(at + 1)} of ${count}` : `${count} found`;
  return (
    <div className="text-search" role="search">
      <Icon name="search" />
      <input
        type="search"
        className="field"
        placeholder={`Search in the ${what}`}
        aria-label={`Search in the ${what}`}
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
