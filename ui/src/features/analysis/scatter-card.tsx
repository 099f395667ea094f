import { useMemo } from "react";
import { ColourLegend } from "../../charts/colour-legend";
import { ScatterChart } from "../../charts/scatter-chart";
import { RUN_NAME } from "../../lib/columns";
import { formatCount, plural } from "../../lib/format";
import { cellAt } from "../../lib/frame";
import { type Influence, spearman } from "../../lib/influence";
import { type AxisChoice, type PlotAxis, plotAxis } from "../../lib/plot-axes";
import { formatRanges, withRange } from "../../lib/ranges";
import { AxisMenu } from "./axis-menu";
import { ColumnSelect } from "./column-select";
import { PlotCard } from "./plot-card";
import { type Analysis, plainAxis } from "./use-analysis";

const HEIGHT = 320;

interface Props {
  analysis: Analysis;
  influence: Influence[];
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
}

/** Any two columns against each other, coloured by a third. */
export function ScatterCard({ analysis, influence, hovered, onHover }: Props) {
  const { frame, state, change, columns, outcome, kept } = analysis;
  const usual = useMemo(() => usualChoices(columns, outcome, influence), [columns, outcome, influence]);
  const choiceX = state.scatterX ?? usual.x;
  const choiceY = state.scatterY ?? usual.y;
  const choiceColour = state.scatterColour ?? usual.colour;
  const x = useMemo(() => plotAxis(frame, choiceX), [frame, choiceX]);
  const y = useMemo(() => plotAxis(frame, choiceY), [frame, choiceY]);
  const colour = useMemo(() => plotAxis(frame, choiceColour), [frame, choiceColour]);
  const without = kept.filter((row) => Number.isNaN(x.places[row]! + y.places[row]!)).length;
  const table = () => ({
    header: ["run_id", "run_name", x.column, y.column, colour.column],
    rows: [...kept].map((row) => [
      frame.runIds[row] ?? "",
      ...[RUN_NAME, x.column, y.column, colour.column].map((column) => cellAt(frame, column, row)),
    ]),
  });
  return (
    <PlotCard
      title="Scatter"
      table={table}
      controls={
        <label className="check">
          <input
            type="checkbox"
            checked={state.contour}
            onChange={(event) => change({ contour: event.target.checked })}
          />
          Contours
        </label>
      }
    >
      <div className="plot-picks">
        <Pick analysis={analysis} label="Up" axis={y} onChoice={(choice) => change({ scatterY: choice })} />
        <Pick analysis={analysis} label="Across" axis={x} onChoice={(choice) => change({ scatterX: choice })} />
        <ColumnSelect
          label="Colour"
          columns={columns}
          chosen={colour.column}
          onChoose={(column) => change({ scatterColour: plainAxis(column) })}
        />
      </div>
      <ScatterChart
        x={x}
        y={y}
        colour={colour}
        rows={kept}
        contour={state.contour}
        height={HEIGHT}
        label={inWords(analysis, x, y)}
        hovered={hovered}
        onHover={onHover}
        onSelect={(wantedX, wantedY) => {
          change({ keep: withRange(withRange(state.keep, x.column, wantedX), y.column, wantedY) });
        }}
      />
      <ColourLegend axis={colour} />
      {without > 0 && <p className="plot-note">{plural(without, "run")} without a value on both axes</p>}
    </PlotCard>
  );
}

interface PickProps {
  analysis: Analysis;
  label: string;
  axis: PlotAxis;
  onChoice: (choice: AxisChoice) => void;
}

/** Which column stands on an axis, and how. */
export function Pick({ analysis, label, axis, onChoice }: PickProps) {
  const wanted = analysis.state.keep.get(axis.column);
  return (
    <span className="plot-pick">
      <ColumnSelect
        label={label}
        columns={analysis.columns}
        chosen={axis.column}
        onChoose={(column) => onChoice(plainAxis(column))}
      />
      <AxisMenu
        axis={axis}
        short
        wanted={wanted}
        onChoice={onChoice}
        onRange={(next) => analysis.setRange(axis.column, next)}
      />
    </span>
  );
}

function usualChoices(columns: string[], outcome: PlotAxis | undefined, influence: Influence[]) {
  const numbers = influence.filter((one) => one.kind === "number").map((one) => one.column);
  const others = [...numbers, ...columns].filter((column) => column !== outcome?.column);
  const y = outcome?.column ?? columns[0]!;
  const x = others[0] ?? y;
  return { x: plainAxis(x), y: plainAxis(y), colour: plainAxis(others.find((column) => column !== x) ?? y) };
}

function inWords({ kept, state }: Analysis, x: PlotAxis, y: PlotAxis): string {
  const rows = kept.filter((row) => !Number.isNaN(x.places[row]! + y.places[row]!));
  const of = (axis: PlotAxis) => Float64Array.from(rows, (row) => axis.values[row]!);
  const rho = x.kind === "number" && y.kind === "number" ? spearman(of(x), of(y)) : undefined;
  const how = rho === undefined ? "" : ` Their rank correlation is ${rho.toFixed(2)}.`;
  const within = state.keep.size > 0 ? ` Kept: ${formatRanges(state.keep)}.` : "";
  return `${y.label} against ${x.label} of ${formatCount(rows.length)} runs.${how}${within} The table below holds the values.`;
}
