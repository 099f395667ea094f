import "../styles/long-list.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";

interface Props<Item> {
  items: Item[];
  rowHeight: number;
  label: string;
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode;
}

const MOST_PLAIN = 60;

/** A list of equal rows; a long one scrolls in a box of its own, with only the rows in view in the page. */
export function LongList<Item>(props: Props<Item>) {
  if (props.items.length > MOST_PLAIN) return <VirtualList {...props} />;
  return (
    <ul className="long-list" aria-label={props.label}>
      {props.items.map((item) => (
        <li key={props.keyOf(item)} style={{ height: props.rowHeight }}>
          {props.children(item)}
        </li>
      ))}
    </ul>
  );
}

function VirtualList<Item>({ items, rowHeight, label, keyOf, children }: Props<Item>) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  return (
    <div ref={box} className="long-list-box" tabIndex={0} role="region" aria-label={label}>
      <ul className="long-list" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = items[index]!;
          return (
            <li key={keyOf(item)} className="placed" style={{ height: rowHeight, transform: `translateY(${start}px)` }}>
              {children(item)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
