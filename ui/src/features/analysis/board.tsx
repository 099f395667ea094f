import "../../styles/analysis.css";
import "../../styles/plots.css";
import { useMemo, useState } from "react";
import { Boundary } from "../../components/boundary";
import { Icon } from "../../components/icons";
import { Empty, IgnoredNotice } from "../../components/states";
import { columnsOf, labelOf, nameAt } from "../../lib/columns";
import { formatNumber, plural } from "../../lib/format";
import type { Frame } from "../../lib/frame";
import { rankInfluence } from "../../lib/influence";
import type { MainMetric } from "../../lib/metrics";
import type { Wanted } from "../../lib/ranges";
import { BoxCard } from "./box-card";
import { ColumnSelect } from "./column-select";
import { InfluenceCard } from "./influence-card";
import { ParallelCard } from "./parallel-card";
import { ProgressCard } from "./progress-card";
import { RunList } from "./run-list";
import { ScatterCard } from "./scatter-card";
import { type Analysis, useAnalysis } from "./use-analysis";

interface Props {
  frame: Frame;
  /** The main metric of the runs' experiment, if one is kept with it. */
  main: MainMetric | undefined;
  /** The run table that can be filtered by the same ranges; undefined where there is none. */
  table?: { experimentId: string; query: string };
  /** Whether the runs are the trials of a search, whose order matters. */
  trials?: boolean;
}

/** What params have to do with metrics, over many runs: charts that share their colours, their ranges and their cursor. */
export default function AnalysisBoard({ frame, main, table, trials = false }: Props) {
  const analysis = useAnalysis(frame, main);
  const { outcome, columns } = analysis;
  const [hovered, onHover] = useState<number>();
  const influence = useMemo(() => {
    const cells = outcome && frame.columns.get(outcome.column);
    const names = columnsOf(frame, "params").filter((name) => name !== outcome?.column);
    return cells ? rankInfluence(frame.columns, names, cells) : [];
  }, [frame, outcome]);
  const listed = useMemo(
    () =>
      listedColumns(
        analysis,
        influence.map((one) => one.column),
      ),
    [analysis, influence],
  );
  if (columns.length < 2) {
    return (
      <Empty title="Nothing to analyse yet" icon="columns" small>
        <p className="muted">The charts need runs with at least two params or metrics that differ.</p>
      </Empty>
    );
  }
  return (
    <div className="analysis">
      <IgnoredNotice ignored={analysis.ignored} />
      <Controls analysis={analysis} hovered={hovered} />
      <div className="analysis-cards">
        {trials && (
          <Boundary what="Best so far">
            <ProgressCard analysis={analysis} main={main} hovered={hovered} onHover={onHover} />
          </Boundary>
        )}
        <Boundary what="Parallel coordinates">
          <ParallelCard analysis={analysis} influence={influence} hovered={hovered} onHover={onHover} />
        </Boundary>
        <Boundary what="Influence">
          <InfluenceCard analysis={analysis} influence={influence} />
        </Boundary>
        <Boundary what="The scatter chart">
          <ScatterCard analysis={analysis} influence={influence} hovered={hovered} onHover={onHover} />
        </Boundary>
        <Boundary what="The spread by group">
          <BoxCard analysis={analysis} influence={influence} hovered={hovered} onHover={onHover} />
        </Boundary>
      </div>
      <Boundary what="The list of runs">
        <RunList analysis={analysis} columns={listed} table={table} hovered={hovered} onHover={onHover} />
      </Boundary>
    </div>
  );
}

/** The outcome, then what stands on the axes, then what else matters. */
function listedColumns({ state, outcome }: Analysis, influence: string[]): string[] {
  const axes = state.axes?.map((axis) => axis.column) ?? [];
  return [...new Set([...(outcome ? [outcome.column] : []), ...axes, ...influence])];
}

function Controls({ analysis, hovered }: { analysis: Analysis; hovered: number | undefined }) {
  const { frame, state, change, kept, columns, outcome } = analysis;
  const metrics = columns.filter((column) => column.startsWith("metrics."));
  const name = hovered === undefined ? "" : nameAt(frame, hovered);
  return (
    <div className="analysis-controls">
      <ColumnSelect
        label="Outcome"
        columns={metrics}
        chosen={outcome?.column ?? ""}
        onChoose={(column) => change({ outcome: column })}
      />
      <span role="status">
        {state.keep.size > 0
          ? `${plural(kept.length, "run")} of ${plural(frame.runIds.length, "run")} kept`
          : plural(frame.runIds.length, "run")}
      </span>
      {[...state.keep].map(([column, wanted]) => (
        <span key={column} className="chip">
          {wantedInWords(labelOf(column), wanted)}
          <button
            type="button"
            className="button quiet icon-only"
            aria-label={`Any ${labelOf(column)}`}
            onClick={() => analysis.setRange(column, undefined)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {state.keep.size > 1 && (
        <button type="button" className="button quiet" onClick={() => change({ keep: new Map() })}>
          Keep all
        </button>
      )}
      <span className="spring" />
      <span className="muted truncate analysis-hovered">{name}</span>
    </div>
  );
}

function wantedInWords(label: string, wanted: Wanted): string {
  if ("low" in wanted) return `${label} ${formatNumber(wanted.low)} to ${formatNumber(wanted.high)}`;
  return `${label} ${wanted.values.join(", ")}`;
}
