import { extentOfValues } from "../lib/chart-view";
import type { Hue } from "../lib/colors";
import { formatNumber } from "../lib/format";
import { highlight, useHighlighted } from "../lib/highlight";

export interface Dot {
  id: string;
  name: string;
  value: number;
  hue: Hue;
}

const WIDTH = 200;
const HEIGHT = 28;
const EDGE = 8;

/** One value of many runs on a line from the least to the greatest: a dot each, never bars from zero. */
export function DotStrip({ dots, label }: { dots: Dot[]; label: string }) {
  const standing = useHighlighted();
  const { low, high } = extentOfValues(dots.map((dot) => dot.value));
  const span = high - low || 1;
  const x = (value: number) => EDGE + (low === high ? 0.5 : (value - low) / span) * (WIDTH - 2 * EDGE);
  return (
    <div className="dot-strip">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={label}
        onMouseMove={(event) => highlight(idOf(event.target))}
        onMouseLeave={() => highlight()}
      >
        <path className="chart-grid" d={`M${EDGE} ${HEIGHT / 2}H${WIDTH - EDGE}`} />
        {dots.map((dot) => (
          <circle
            key={dot.id}
            data-run={dot.id}
            className={`dot hue-${dot.hue.index}`}
            data-standing={standing.includes(dot.id)}
            cx={x(dot.value)}
            cy={HEIGHT / 2}
            r={standing.includes(dot.id) ? 6 : 4}
          >
            <title>{`${dot.name}: ${formatNumber(dot.value)}`}</title>
          </circle>
        ))}
      </svg>
      <div className="dot-ends number">
        <span>{formatNumber(low)}</span>
        {low !== high && <span>{formatNumber(high)}</span>}
      </div>
    </div>
  );
}

function idOf(target: EventTarget): string[] {
  const id = target instanceof SVGElement ? target.dataset.run : undefined;
  return id === undefined ? [] : [id];
}
