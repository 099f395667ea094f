import { useEffect, useRef, useState } from "react";
import { padExtent } from "../lib/curves";
import { formatNumber } from "../lib/format";
import { roundTicks } from "../lib/ticks";

export interface VersionPoint {
  version: string;
  value: number;
  /** Aliases of the version, shown above its point. */
  aliases: string[];
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
          <g key={point.version} className="version-point">
            <title>{`Version ${point.version}: ${formatNumber(point.value)}`}</title>
            <rect x={x(place) - 10} y={EDGE.top} width={20} height={HEIGHT - EDGE.top} fill="transparent" />
            <circle
              className={point.best ? "best" : point.aliases.length > 0 ? "named" : ""}
              cx={x(place)}
              cy={y(point.value)}
              r={point.aliases.length > 0 || point.best ? 5 : 3.5}
            />
            {point.aliases.length > 0 && (
              <text
                className="chart-alias"
                x={x(place)}
                y={y(point.value) - 10}
                textAnchor={anchor(place, points.length)}
              >
                {`@${point.aliases[0]}${point.aliases.length > 1 ? ` +${point.aliases.length - 1}` : ""}`}
              </text>
            )}
            {place % every === 0 && (
              <text className="chart-text" x={x(place)} y={HEIGHT - 8} textAnchor="middle">
                {point.version}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
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
