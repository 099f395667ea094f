import { useEffect, useRef, useState } from "react";
import { formatNumber } from "../lib/format";
import { cut, readable } from "../lib/labels";
import { padExtent } from "../lib/stats";
import { roundTicks } from "../lib/ticks";

export interface VersionPoint {
  version: string;
  value: number;
  /** Aliases of the version, shown above its point. */
  aliases: string[];
  /** Whose alias is named where two would meet: the lower one. */
  rank: number;
  best: boolean;
}

interface Props {
  /** By version, the oldest first. */
  points: VersionPoint[];
  label: string;
}

const HEIGHT = 190;
const EDGE = { top: 24, right: 24, bottom: 26, left: 62 };
const APART = 34;
/** With more versions than these, only those that stand out have a dot of their own. */
const MOST_DOTS = 150;

/** A value over versions: one dot each, those with an alias named. The table beside it holds the same values. */
export function VersionChart({ points, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const inner = Math.max(1, width - EDGE.left - EDGE.right);
  const values = points.map((point) => point.value);
  const { low, high } = padExtent({ low: Math.min(...values), high: Math.max(...values) }, false);
  const x = (place: number) => EDGE.left + (points.length === 1 ? 0.5 : place / (points.length - 1)) * inner;
  const y = (value: number) => EDGE.top + (1 - (value - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const every = Math.max(1, Math.ceil((points.length * APART) / inner));
  const labels = points.flatMap((point, place) => {
    const [first] = point.aliases;
    return first === undefined ? [] : [{ text: `@${first}`, x: x(place), y: y(point.value), rank: point.rank, point }];
  });
  const told = new Set([...readable(labels)].map((label) => label.point));
  const line = points.map((point, place) => `${place === 0 ? "M" : "L"}${x(place)} ${y(point.value)}`).join("");
  return (
    <div ref={box} className="version-chart">
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        {roundTicks(low, high, 4).map((tick) => (
          <g key={tick}>
            <path className="chart-grid" d={`M${EDGE.left} ${y(tick)}H${width - EDGE.right}`} />
            <text className="chart-text" x={EDGE.left - 10} y={y(tick) + 4} textAnchor="end">
              {formatNumber(tick)}
            </text>
          </g>
        ))}
        <path className="version-line" d={line} />
        {points.map((point, place) => (
          <Dot
            key={point.version}
            point={point}
            x={x(place)}
            y={y(point.value)}
            anchor={anchor(place, points.length)}
            told={told.has(point)}
            labelled={place % every === 0}
            plain={points.length <= MOST_DOTS}
          />
        ))}
      </svg>
    </div>
  );
}

interface DotProps {
  point: VersionPoint;
  x: number;
  y: number;
  anchor: "start" | "middle" | "end";
  /** Whether its alias stands above it. */
  told: boolean;
  /** Whether its number stands below it. */
  labelled: boolean;
  /** Whether it has a dot even where nothing makes it stand out. */
  plain: boolean;
}

function Dot({ point: { version, value, aliases, best }, x, y, anchor, told, labelled, plain }: DotProps) {
  const [first, ...others] = aliases;
  const marked = best || first !== undefined;
  if (!marked && !labelled && !plain) return null;
  return (
    <g className="version-point">
      <title>{[`Version ${version}: ${formatNumber(value)}`, ...aliases.map((alias) => `@${alias}`)].join(", ")}</title>
      <rect x={x - 10} y={EDGE.top} width={20} height={HEIGHT - EDGE.top} fill="transparent" />
      <circle className={best ? "best" : marked ? "named" : ""} cx={x} cy={y} r={marked ? 5 : 3.5} />
      {told && (
        <text className="chart-alias" x={x} y={y - 10} textAnchor={anchor}>
          {`${cut(`@${first}`)}${others.length > 0 ? ` +${others.length}` : ""}`}
        </text>
      )}
      {labelled && (
        <text className="chart-text" x={x} y={HEIGHT - 8} textAnchor="middle">
          {version}
        </text>
      )}
    </g>
  );
}

function anchor(place: number, count: number): "start" | "middle" | "end" {
  if (count > 1 && place === 0) return "start";
  return count > 1 && place === count - 1 ? "end" : "middle";
}

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
