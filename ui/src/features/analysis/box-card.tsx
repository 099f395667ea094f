import { useMemo } from "react";
import { StripChart } from "../../charts/strip-chart";
import { boxesOf, isGrouping } from "../../lib/boxes";
import { labelOf } from "../../lib/columns";
import { formatNumber } from "../../lib/format";
import type { Influence } from "../../lib/influence";
import { plotAxis } from "../../lib/plot-axes";
import { ColumnSelect } from "./column-select";
import { PlotCard } from "./plot-card";
import { Pick } from "./scatter-card";
import { type Analysis, plainAxis } from "./use-analysis";

interface Props {
  analysis: Analysis;
  influence: Influence[];
  hovered: number | undefined;
  onHover: (row: number | undefined) => void;
}

/** How a column is spread in each group of runs, every run shown. */
export function BoxCard({ analysis, influence, hovered, onHover }: Props) {
  const { frame, state, change, columns, outcome, kept } = analysis;
  const grouping = useMemo(
    () => columns.filter((column) => column !== outcome?.column && isGrouping(frame.columns.get(column) ?? [])),
    [columns, frame, outcome],
  );
  const usual = influence.find((one) => grouping.includes(one.column))?.column ?? grouping[0];
  const by = state.boxBy && grouping.includes(state.boxBy.column) ? state.boxBy.column : usual;
  const valueChoice = useMemo(
    () => state.boxValue ?? plainAxis(outcome?.column ?? columns[0] ?? ""),
    [state.boxValue, outcome, columns],
  );
  const values = useMemo(() => plotAxis(frame, valueChoice), [frame, valueChoice]);
  const boxes = useMemo(() => boxesOf(frame.columns.get(by ?? "") ?? [], values, kept), [frame, by, values, kept]);
  if (by === undefined || values.kind === "category") return null;
  const table = () => ({
    header: [labelOf(by), "runs", "lower_whisker", "first_quartile", "median", "third_quartile", "upper_whisker"],
    rows: boxes.map(({ group, rows, low, first, median, third, high }) => [
      group,
      rows.length,
      low,
      first,
      median,
      third,
      high,
    ]),
  });
  return (
    <PlotCard title="Spread by group" table={table}>
      <div className="plot-picks">
        <ColumnSelect
          label="Groups"
          columns={grouping}
          chosen={by}
          onChoose={(column) => change({ boxBy: plainAxis(column) })}
        />
        <Pick analysis={analysis} label="Values" axis={values} onChoice={(choice) => change({ boxValue: choice })} />
      </div>
      <StripChart
        boxes={boxes}
        values={values}
        label={`${values.label} by ${labelOf(by)}: ${boxes.map((box) => `${box.group} median ${formatNumber(box.median)} of ${box.rows.length} runs`).join("; ")}`}
        hovered={hovered}
        onHover={onHover}
      />
    </PlotCard>
  );
}
