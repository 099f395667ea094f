import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";
import { Swatch } from "../../components/swatch";
import { type Hue, ownHue } from "../../lib/colors";
import { columnWidth, isNumeric, keyOf, kindOf, RUN_NAME } from "../../lib/columns";
import { type Frame, type SortKey, textAt } from "../../lib/frame";
import { bestRows, type MainMetric } from "../../lib/metrics";
import { columnExtent } from "../../lib/stats";
import { HeaderCell } from "./header-cell";
import { type ColumnFacts, RunCell } from "./run-cell";

export interface GridProps {
  frame: Frame;
  rows: number[];
  total: number;
  columns: string[];
  sort: SortKey[];
  main: MainMetric | undefined;
  selected: ReadonlySet<string>;
  /** Hues of the selected runs, as a comparison of them draws them; the others have their own. */
  hues: Map<string, Hue>;
  active: number;
  stale: boolean;
  /** When it changes, the table starts at its top again. */
  view: string;
  onActive: (index: number) => void;
  onToggle: (index: number, range: boolean) => void;
  onToggleAll: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onEnd: () => void;
  onSort: (sort: SortKey[]) => void;
  onHide: (column: string) => void;
  onMain: (main: MainMetric) => void;
}

const ROW = 28;
const HEAD = 44;
const NAME_WIDTH = 248;
const TITLES = { attributes: "", metrics: "Metrics", params: "Params", tags: "Tags" } as const;

/** The run table: only rows and columns in view are in the page. */
export function RunGrid(props: GridProps) {
  const { frame, rows, columns, active, total, stale, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const facts = useColumnFacts(frame, columns, props.main);
  const width = NAME_WIDTH + facts.reduce((sum, one) => sum + one.width, 0);
  const vertical = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
    scrollPaddingStart: HEAD,
  });
  const horizontal = useVirtualizer({
    horizontal: true,
    count: facts.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => facts[index]?.width ?? 0,
    getItemKey: (index) => facts[index]?.column ?? index,
    overscan: 2,
    paddingStart: NAME_WIDTH,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: widths of other columns have to be measured anew
  useEffect(() => horizontal.measure(), [facts]);
  useEffect(() => {
    if (active >= 0) vertical.scrollToIndex(active, { align: "auto" });
  }, [active, vertical]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view starts at its top
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [props.view]);
  const items = vertical.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length < total && lastShown >= rows.length - 50) onEnd();
  }, [lastShown, rows.length, total, onEnd]);
  const shown = horizontal.getVirtualItems().map((item) => item.index);
  return (
    <div
      ref={box}
      className={stale ? "grid stale" : "grid"}
      role="grid"
      aria-label="Runs"
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={active >= 0 ? `run-${rows[active]}` : undefined}
      aria-busy={stale}
      tabIndex={0}
      onKeyDown={props.onKeyDown}
    >
      <GridHead {...props} facts={facts} shown={shown} width={width} />
      <div role="rowgroup" className="grid-body" style={{ height: vertical.getTotalSize(), width }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const runId = frame.runIds[row]!;
          return (
            <GridRow
              key={runId}
              frame={frame}
              row={row}
              index={item.index}
              top={item.start}
              facts={facts}
              firstShown={shown[0] ?? 0}
              lastShown={shown.at(-1) ?? -1}
              selected={props.selected.has(runId)}
              active={item.index === active}
              hue={props.hues.get(runId)}
              onToggle={props.onToggle}
              onActive={props.onActive}
            />
          );
        })}
      </div>
    </div>
  );
}

function useColumnFacts(frame: Frame, columns: string[], main: MainMetric | undefined): ColumnFacts[] {
  return useMemo(() => {
    let left = NAME_WIDTH;
    return columns.map((column) => {
      const cells = frame.columns.get(column);
      const metric = kindOf(column) === "metrics";
      const facts: ColumnFacts = {
        column,
        left,
        width: columnWidth(frame, column),
        numeric: metric || (kindOf(column) !== "attributes" && isNumeric(cells)),
        extent: metric ? columnExtent(cells) : undefined,
        best: metric && main?.key === keyOf(column) ? bestRows(frame, column, main.direction) : new Set(),
      };
      left += facts.width;
      return facts;
    });
  }, [frame, columns, main]);
}

type HeadProps = GridProps & { facts: ColumnFacts[]; shown: number[]; width: number };

function GridHead({ facts, shown, width, rows, selected, onToggleAll, ...props }: HeadProps) {
  const all = rows.length > 0 && selected.size >= rows.length;
  return (
    <div role="rowgroup" className="grid-head" style={{ width }}>
      <div className="grid-bands" aria-hidden="true">
        {facts.map(({ column, left }, index) => {
          const kind = kindOf(column);
          const starts = index === 0 || kindOf(facts[index - 1]!.column) !== kind;
          return starts && TITLES[kind] ? (
            <span key={column} style={{ left }}>
              {TITLES[kind]}
            </span>
          ) : null;
        })}
      </div>
      <div role="row" aria-rowindex={1} className="grid-headings">
        <div role="columnheader" aria-colindex={1} className="grid-name heading" style={{ width: NAME_WIDTH }}>
          <input
            type="checkbox"
            aria-label="Select all runs that match"
            checked={all}
            ref={(box) => {
              if (box) box.indeterminate = !all && selected.size > 0;
            }}
            onChange={onToggleAll}
          />
          <NameHeading sort={props.sort} onSort={props.onSort} />
        </div>
        {shown.map((index) => {
          const one = facts[index];
          return one ? <HeaderCell key={one.column} {...props} {...one} index={index + 2} /> : null;
        })}
      </div>
    </div>
  );
}

function NameHeading({ sort, onSort }: { sort: SortKey[]; onSort: (sort: SortKey[]) => void }) {
  const key = sort.find((one) => one.column === RUN_NAME);
  const click = () => onSort([{ column: RUN_NAME, descending: key ? !key.descending : false }]);
  return (
    <button type="button" className="heading-sort" onClick={click}>
      Run
      {key && <span aria-hidden="true">{key.descending ? "↓" : "↑"}</span>}
    </button>
  );
}

interface RowProps {
  frame: Frame;
  row: number;
  index: number;
  top: number;
  facts: ColumnFacts[];
  firstShown: number;
  lastShown: number;
  selected: boolean;
  active: boolean;
  hue: Hue | undefined;
  onToggle: (index: number, range: boolean) => void;
  onActive: (index: number) => void;
}

const GridRow = memo(function GridRow({ frame, row, index, top, facts, selected, active, hue, ...props }: RowProps) {
  const runId = frame.runIds[row]!;
  const name = textAt(frame, RUN_NAME, row) || runId;
  const classes = ["grid-row", selected ? "selected" : "", active ? "active" : ""].filter(Boolean).join(" ");
  const click = (event: MouseEvent) => {
    props.onActive(index);
    if (event.shiftKey) props.onToggle(index, true);
  };
  return (
    <div
      id={`run-${row}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes}
      style={{ transform: `translateY(${top}px)` }}
      onClick={click}
    >
      <div role="rowheader" aria-colindex={1} className="grid-name" style={{ width: NAME_WIDTH }}>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${name}`}
          checked={selected}
          onChange={(event) => props.onToggle(index, (event.nativeEvent as unknown as MouseEvent).shiftKey)}
          onClick={(event) => event.stopPropagation()}
        />
        <Swatch hue={hue ?? ownHue(runId)} />
        <Link className="truncate" tabIndex={-1} href={`/runs/${runId}`} title={name}>
          <bdi>{name}</bdi>
        </Link>
      </div>
      {facts.slice(props.firstShown, props.lastShown + 1).map((one, offset) => (
        <RunCell key={one.column} frame={frame} row={row} facts={one} index={props.firstShown + offset + 2} />
      ))}
    </div>
  );
});
