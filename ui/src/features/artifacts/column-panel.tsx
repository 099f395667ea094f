import { Icon } from "../../components/icons";
import { formatCount, formatDateTime, formatNumber } from "../../lib/format";
import type { ColumnStats } from "../../lib/grid";

interface Props {
  name: string;
  /** The type that the file tells, where it does. */
  type: string | undefined;
  stats: ColumnStats;
  onClose: () => void;
}

/** What can be said of a column, from the rows shown. */
export function ColumnPanel({ name, type, stats, onClose }: Props) {
  const value = stats.type === "time" ? formatDateTime : formatNumber;
  const facts: Array<[string, string]> = [
    ["Type", type ?? stats.type],
    ["Values", formatCount(stats.count)],
    ["Missing", formatCount(stats.missing)],
    ["Distinct", formatCount(stats.distinct)],
    ...(stats.low !== undefined && stats.high !== undefined
      ? ([
          ["Least", value(stats.low)],
          ["Greatest", value(stats.high)],
          ["Mean", value(stats.mean ?? Number.NaN)],
        ] as Array<[string, string]>)
      : []),
  ];
  return (
    <section className="column-panel" aria-label={`Column ${name}`}>
      <header>
        <h3 className="truncate">{name}</h3>
        <span className="muted">of the rows shown</span>
        <span className="spring" />
        <button type="button" className="button quiet icon-only" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {facts.map(([label, fact]) => (
          <div key={label}>
            <dt className="muted">{label}</dt>
            <dd className="number">{fact}</dd>
          </div>
        ))}
      </dl>
      {stats.bins && <Bins bins={stats.bins} />}
      {stats.top && <Top top={stats.top} count={stats.count} />}
    </section>
  );
}

const WIDTH = 120;
const HEIGHT = 36;

function Bins({ bins }: { bins: number[] }) {
  const most = Math.max(1, ...bins);
  const width = WIDTH / bins.length;
  const label = `How the values lie between least and greatest: ${bins.join(", ")}`;
  return (
    <svg className="column-bins" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {bins.map((count, bin) => {
        const height = count > 0 ? Math.max(1, (count / most) * HEIGHT) : 0;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name
          <rect key={bin} x={bin * width + 1} y={HEIGHT - height} width={width - 2} height={height}>
            <title>{formatCount(count)}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function Top({ top, count }: { top: Array<[string, number]>; count: number }) {
  return (
    <ul className="column-top" aria-label="Most frequent values">
      {top.map(([text, times]) => (
        <li key={text}>
          <span className="truncate" title={text}>
            {text}
          </span>
          <span className="muted number">{((times / count) * 100).toFixed(times === count ? 0 : 1)}%</span>
        </li>
      ))}
    </ul>
  );
}
