import "../../styles/singles.css";
import { useMemo, useState } from "react";
import { useCurves } from "../../api/queries";
import { type Dot, DotStrip } from "../../charts/dot-strip";
import { Failure } from "../../components/states";
import { Swatch } from "../../components/swatch";
import { useNear } from "../../components/use-near";
import { Value } from "../../components/value";
import {
  FEWEST_ON_A_STRIP,
  FIRST_SINGLES,
  MOST_LISTED,
  type RoomFacts,
  singleRoom,
  singlesRoom,
} from "../../lib/board-rooms";
import { toFinite, toNumber } from "../../lib/cells";
import type { RawCurve } from "../../lib/curves";
import { plural } from "../../lib/format";
import { highlight } from "../../lib/highlight";
import type { DrawnRun } from "./runs";
import { Stretches } from "./stretches";

/** They are small, and quickly drawn again. */
const LEAVES = "800px";

interface Props {
  keys: readonly string[];
  runs: DrawnRun[];
  facts: RoomFacts;
}

/** Metrics with one value a run: the number itself, or a dot for each run. */
export function Singles({ keys, runs, facts }: Props) {
  const [all, setAll] = useState(false);
  const shown = useMemo(() => (all ? keys : keys.slice(0, FIRST_SINGLES)), [keys, all]);
  return (
    <div className="board-stretch board-singles">
      <Stretches items={shown} roomOf={(part) => singlesRoom(part, facts)} leaves={LEAVES}>
        {(part) => <SingleValues keys={part} runs={runs} facts={facts} />}
      </Stretches>
      {shown.length < keys.length && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          Show {plural(keys.length - shown.length, "more value")}
        </button>
      )}
    </div>
  );
}

function SingleValues({ keys, runs, facts }: Props) {
  const [box, near] = useNear();
  const runIds = useMemo(() => runs.map((run) => run.id), [runs]);
  const { data, error, refetch } = useCurves({
    runIds,
    keys: keys as string[],
    buckets: 1,
    times: false,
    enabled: near,
  });
  const byKey = useMemo(() => {
    const found = new Map<string, RawCurve[]>();
    for (const curve of data ?? []) found.set(curve.key, [...(found.get(curve.key) ?? []), curve]);
    return found;
  }, [data]);
  if (error && !data) {
    return <Failure small title="The values could not be read" error={error} retry={() => void refetch()} />;
  }
  return (
    <div ref={box} className="single-values">
      {keys.map((key) => (
        <div key={key} className="card single-value">
          <h3 className="truncate" title={key}>
            {key.slice(key.lastIndexOf("/") + 1) || key}
          </h3>
          <div style={{ minHeight: singleRoom(facts.runsOf.get(key) ?? runs.length, runs.length) }}>
            {byKey.has(key) ? (
              <ValuesOf metric={key} curves={byKey.get(key)!} runs={runs} />
            ) : (
              <div className="skeleton single-skeleton" />
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

function ValuesOf({ metric, curves, runs }: { metric: string; curves: RawCurve[]; runs: DrawnRun[] }) {
  const known = new Map(runs.map((run) => [run.id, run]));
  if (runs.length === 1) {
    return (
      <strong className="single-number">
        <Value cell={curves[0]?.values.at(-1) ?? null} />
      </strong>
    );
  }
  const rows = curves
    .map((curve) => ({ run: known.get(curve.run_id), cell: curve.values.at(-1) ?? null }))
    .sort((left, right) => (toFinite(right.cell) ?? -Infinity) - (toFinite(left.cell) ?? -Infinity) || 0);
  const dots = rows.flatMap(({ run, cell }): Dot[] => {
    const value = toFinite(cell);
    return run && value !== undefined ? [{ id: run.id, name: run.name, value, hue: run.hue }] : [];
  });
  const odd = rows.filter(({ cell }) => !Number.isFinite(toNumber(cell))).length;
  const listed = rows.slice(0, MOST_LISTED);
  return (
    <>
      {dots.length >= FEWEST_ON_A_STRIP && (
        <DotStrip dots={dots} label={`${metric} of ${plural(dots.length, "run")}`} />
      )}
      <ul className="readout">
        {listed.map(({ run, cell }) => (
          <li
            key={run?.id}
            className="readout-row"
            onMouseEnter={() => run && highlight([run.id])}
            onMouseLeave={() => highlight()}
          >
            <Swatch hue={run?.hue} />
            <span className="truncate">{run?.name}</span>
            <strong className="number">
              <Value cell={cell} />
            </strong>
          </li>
        ))}
      </ul>
      {rows.length > listed.length && <p className="muted">and {plural(rows.length - listed.length, "more run")}</p>}
      {odd > 0 && rows.length > listed.length && (
        <p className="notice-text">{plural(odd, "run")} without a finite value</p>
      )}
    </>
  );
}
