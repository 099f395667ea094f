import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";

const LINE = 19;
const LONGEST_LINE = 5000;

/** A text by lines, numbered; only the lines in view are in the page. */
export function TextView({ text }: { text: string }) {
  const lines = useMemo(() => text.split(/\r\n|\r|\n/), [text]);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const digits = String(lines.length).length;
  const longest = useMemo(() => lines.reduce((most, line) => Math.max(most, line.length), 0), [lines]);
  return (
    <div ref={box} className="text-view mono" tabIndex={0} role="region" aria-label="Text of the file">
      <div style={{ height: virtual.getTotalSize(), minWidth: `${Math.min(longest, LONGEST_LINE) + digits + 4}ch` }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} className="text-line" style={{ transform: `translateY(${start}px)` }}>
            <span className="line-number" style={{ width: `${digits + 2}ch` }} aria-hidden="true">
              {index + 1}
            </span>
            {shorten(lines[index] ?? "")}
          </div>
        ))}
      </div>
    </div>
  );
}

function shorten(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  return `${line.slice(0, LONGEST_LINE)} … ${line.length - LONGEST_LINE} more characters`;
}
