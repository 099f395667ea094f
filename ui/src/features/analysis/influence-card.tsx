import { labelOf } from "../../lib/columns";
import { formatCount, plural } from "../../lib/format";
import { type Influence, influenceInWords } from "../../lib/influence";
import { PlotCard } from "./plot-card";
import type { Analysis } from "./use-analysis";

const MOST_SHOWN = 12;
const FEW_RUNS = 20;

interface Props {
  analysis: Analysis;
  influence: Influence[];
}

/** Params by how much they go together with the outcome. */
export function InfluenceCard({ analysis: { outcome }, influence }: Props) {
  if (!outcome) return null;
  const table = () => ({
    header: ["param", "kind", "runs", "values", "rank_correlation", "eta_squared", "strength"],
    rows: influence.map((one) => [
      labelOf(one.column),
      one.kind,
      one.count,
      one.distinct,
      one.rho ?? null,
      one.etaSquared ?? null,
      one.strength,
    ]),
  });
  const few = influence.length > 0 && Math.max(...influence.map((one) => one.count)) < FEW_RUNS;
  return (
    <PlotCard title="Influence" table={table}>
      <p className="plot-note">
        How much the order of runs by <strong>{outcome.label}</strong> follows each param. It shows what goes together
        in these runs, not what causes what; params that were changed together share it.
        {few && " With so few runs much of it is chance."}
      </p>
      {influence.length === 0 && (
        <p className="muted">No param varies in at least four runs that have {outcome.label}.</p>
      )}
      {influence.length > 0 && (
        <table className="influence" data-picture="">
          <caption className="visually-hidden">Params by their influence on {outcome.label}</caption>
          <thead>
            <tr>
              <th scope="col">Param</th>
              <th scope="col">Strength</th>
              <th scope="col" className="number">
                Measure
              </th>
              <th scope="col" className="number">
                Runs
              </th>
            </tr>
          </thead>
          <tbody>
            {influence.slice(0, MOST_SHOWN).map((one) => (
              <Line key={one.column} one={one} metric={outcome.label} />
            ))}
          </tbody>
        </table>
      )}
      {influence.length > MOST_SHOWN && (
        <p className="muted">and {plural(influence.length - MOST_SHOWN, "weaker param")}, in the download</p>
      )}
    </PlotCard>
  );
}

const WIDTH = 120;

function Line({ one, metric }: { one: Influence; metric: string }) {
  const name = labelOf(one.column);
  const words = influenceInWords(one, name, metric);
  return (
    <tr title={words}>
      <th scope="row" className="truncate">
        {name}
      </th>
      <td>
        <svg
          className="plot-layer-inline"
          viewBox={`0 0 ${WIDTH} 12`}
          width={WIDTH}
          height={12}
          role="img"
          aria-label={words}
        >
          <path className="influence-line" d={`M1 6H${WIDTH}`} />
          <path className="influence-bar" d={`M1 6H${1 + one.strength * (WIDTH - 8)}`} />
          <circle className="influence-dot" cx={1 + one.strength * (WIDTH - 8)} cy={6} r={4} />
        </svg>
      </td>
      <td className="number">
        <Measure one={one} />
      </td>
      <td className="number muted">{formatCount(one.count)}</td>
    </tr>
  );
}

function Measure({ one }: { one: Influence }) {
  if (one.kind === "category" || one.bent) {
    const title =
      one.kind === "category"
        ? "Eta squared of ranks: the share of the variance that lies between its values"
        : "Eta squared of ranks between eighths of the runs by value: it goes up and down";
    return <span title={title}>η² {(one.etaSquared ?? 0).toFixed(2)}</span>;
  }
  const rho = one.rho ?? 0;
  return (
    <span title="Spearman's rank correlation">
      ρ {rho < 0 ? "−" : "+"}
      {Math.abs(rho).toFixed(2)}
    </span>
  );
}
