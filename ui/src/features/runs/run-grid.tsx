import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { preferredHue } from "../../lib/colors";
import { useColumnFacts } from "./column-facts";
import { GridHead } from "./grid-head";
import type { GridProps } from "./grid-props";
import { GridRow } from "./grid-row";
import { bestGroups, GroupRow } from "./group-row";

const ROW = 28;
const HEAD = 43;

/** The run table: only rows and columns in view are in the page. */
export function RunGrid(props: GridProps) {
  const { frame, lines, active, activeColumn, total, stale, act } = props;
  const box = useRef<HTMLDivElement>(null);
  const { facts, frozen } = useColumnFacts(props);
  const loose = useMemo(() => facts.flatMap((one, index) => (one.pinned ? [] : [index])), [facts]);
  const width = facts.reduce(
    (sum, one) => sum + one.width,
    frozen - facts.reduce((sum, one) => sum + (one.pinned ? one.width : 0), 0),
  );
  const vertical = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
    scrollPaddingStart: HEAD,
  });
  const horizontal = useVirtualizer({
    horizontal: true,
    count: loose.length,
    getScrollElement: () => box.current,
    estimateSize: (place) => facts[loose[place]!]?.width ?? 0,
    getItemKey: (place) => facts[loose[place]!]?.column ?? place,
    overscan: 2,
    paddingStart: frozen,
    scrollPaddingStart: frozen,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: widths of other columns have to be measured anew
  useEffect(() => horizontal.measure(), [facts]);
  useEffect(() => {
    if (active >= 0) vertical.scrollToIndex(active, { align: "auto" });
  }, [active, vertical]);
  useEffect(() => {
    const place = loose.indexOf(activeColumn);
    if (place >= 0) horizontal.scrollToIndex(place, { align: "auto" });
  }, [activeColumn, loose, horizontal]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view starts at its top
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [props.view]);
  const items = vertical.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!props.whole && lastShown >= lines.length - 50) act.end();
  }, [lastShown, lines.length, props.whole, act]);
  const visible = items.flatMap((item) => {
    const line = lines[item.index];
    return line?.kind === "run" ? [line.key] : [];
  });
  const inView = visible.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the list
  useEffect(() => act.visible(visible), [inView, act]);
  const shown = horizontal.getVirtualItems().map((item) => loose[item.index]!);
  const pinned = facts.flatMap((one, index) => (one.pinned ? [index] : []));
  const best = useMemo(() => bestGroups(lines, props.main), [lines, props.main]);
  const layout = { facts, frozen, pinned, firstShown: shown[0] ?? 0, lastShown: shown.at(-1) ?? -1 };
  const nested = props.groupBy.length > 0 || lines.some((line) => line.open !== undefined);
  const activeId = active < 0 ? undefined : activeColumn < 0 ? `line-${active}` : `line-${active}-${activeColumn}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a grid in both cases
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: it is a grid in both cases
    <div
      ref={box}
      className={stale ? "grid stale" : "grid"}
      role={nested ? "treegrid" : "grid"}
      aria-label="Runs"
      aria-rowcount={(props.whole ? lines.length : total) + 1}
      aria-colcount={facts.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={activeId}
      aria-busy={stale}
      tabIndex={0}
      onKeyDown={act.keyDown}
    >
      <GridHead {...props} layout={layout} shown={shown} width={width} />
      <div role="rowgroup" className="grid-body" style={{ height: vertical.getTotalSize(), width }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          const place = {
            ...layout,
            index: item.index,
            top: item.start,
            activeColumn: item.index === active ? activeColumn : -2,
          };
          if (line.kind === "group") {
            return (
              <GroupRow
                key={`group ${line.key}`}
                {...place}
                line={line}
                lines={lines}
                stat={props.stat}
                main={props.main}
                best={best.has(line.key)}
                whole={props.whole}
                query={props.query}
                act={act}
              />
            );
          }
          const hue = props.hues.get(line.key);
          return (
            <GridRow
              key={line.key}
              {...place}
              frame={frame}
              row={line.row}
              level={line.level}
              open={line.open}
              dim={line.dim}
              nested={nested}
              family={props.families.get(line.key)}
              main={props.main}
              sparks={props.sparks}
              selected={props.selected.has(line.key)}
              hidden={props.hidden.has(line.key)}
              peeked={props.peeked === line.key}
              hueIndex={hue?.index ?? preferredHue(line.key)}
              dash={hue?.dash ?? 0}
              act={act}
            />
          );
        })}
      </div>
    </div>
  );
}
