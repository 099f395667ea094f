import { useMemo } from "react";
import { ColourLegend } from "../../charts/colour-legend";
import { ParallelChart } from "../../charts/parallel-chart";
import { RUN_NAME } from "../../lib/columns";
import { plural } from "../../lib/format";
import { cellAt } from "../../lib/frame";
import type { Influence } from "../../lib/influence";
import type { AxisChoice } from "../../lib/plot-axes";
import { AxisMenu } from "./axis-menu";
import { ColumnSelect } from "./column-select";
import { PlotCard } from "./plot-card";
import { type Analysis, plainAxis, useAxes } from "./use-analysis";

const HEIGHT = 340;
const MOST_AXES = 5;

interface Props {
  analysis: Analysis;
  influence: Influence[];
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
}

/** Runs as lines over params and metrics, coloured by how they ended. */
export function ParallelCard({ analysis, influence, hovered, onHover }: Props) {
  const { frame, state, change, columns, outcome } = analysis;
  const choices = useMemo(() => state.axes ?? usualAxes(analysis, influence), [state.axes, analysis, influence]);
  const axes = useAxes(frame, choices);
  const setAxes = (next: AxisChoice[]) => change({ axes: next });
  const move = (at: number, by: number) => {
    const next = choices.filter((_, other) => other !== at);
    next.splice(at + by, 0, choices[at]!);
    setAxes(next);
  };
  const free = columns.filter((column) => !choices.some((choice) => choice.column === column));
  const table = () => ({
    header: ["run_id", "run_name", ...choices.map((choice) => choice.column)],
    rows: [...analysis.kept].map((row) => [
      frame.runIds[row] ?? "",
      cellAt(frame, RUN_NAME, row),
      ...choices.map((choice) => cellAt(frame, choice.column, row)),
    ]),
  });
  return (
    <PlotCard
      wide
      title="Parallel coordinates"
      table={table}
      controls={
        <>
          <ColumnSelect
            label="Add an axis"
            columns={free}
            chosen=""
            onChoose={(column) => setAxes([...choices, plainAxis(column)])}
          />
          {state.axes && (
            <button type="button" className="button quiet" onClick={() => change({ axes: undefined })}>
              Usual axes
            </button>
          )}
          <ColourLegend axis={outcome} />
        </>
      }
    >
      <ParallelChart
        axes={axes}
        count={frame.runIds.length}
        rowsFor={analysis.rowsFor}
        ranges={state.keep}
        outcome={outcome}
        height={HEIGHT}
        label={`${plural(analysis.kept.length, "run")} as lines over ${axes.map((axis) => axis.label).join(", ")}. The table below holds the same values.`}
        hovered={hovered}
        onHover={onHover}
        onRange={analysis.setRange}
        heading={(axis, at) => (
          <AxisMenu
            axis={axis}
            wanted={state.keep.get(axis.column)}
            onChoice={(choice) => setAxes(choices.map((one, other) => (other === at ? choice : one)))}
            onLeft={at > 0 ? () => move(at, -1) : undefined}
            onRight={at < axes.length - 1 ? () => move(at, 1) : undefined}
            onRemove={axes.length > 2 ? () => setAxes(choices.filter((_, other) => other !== at)) : undefined}
            onRange={(wanted) => analysis.setRange(axis.column, wanted)}
          />
        )}
      />
    </PlotCard>
  );
}

/** The params that go together with the outcome most, then the outcome. */
function usualAxes({ columns, outcome }: Analysis, influence: Influence[]): AxisChoice[] {
  const params = influence.map((one) => one.column);
  const others = columns.filter((column) => !params.includes(column) && column !== outcome?.column);
  const chosen = [...params, ...others].slice(0, MOST_AXES);
  return [...chosen, ...(outcome ? [outcome.column] : [])].map(plainAxis);
}
