import { type AxisChoice, formatAxis, parseAxis } from "./plot-axes";
import { formatRanges, parseRanges, type Ranges } from "./ranges";
import { joinList, type Parsed, splitList } from "./url-state";

/** What the charts of many runs show, as the address tells it; undefined is the default choice. */
export interface AnalysisState {
  /** The metric that tells good from bad: it colours lines, and params are ranked by it. */
  outcome: string | undefined;
  /** Axes of the parallel coordinates. */
  axes: AxisChoice[] | undefined;
  /** Which runs the charts bring forward and the table lists. */
  keep: Ranges;
  scatterX: AxisChoice | undefined;
  scatterY: AxisChoice | undefined;
  scatterColour: AxisChoice | undefined;
  contour: boolean;
  boxBy: AxisChoice | undefined;
  boxValue: AxisChoice | undefined;
}

const COLUMN = /^(metrics|params|attributes)\../s;
const ONE_AXIS = { sx: "scatterX", sy: "scatterY", sc: "scatterColour", bx: "boxBy", by: "boxValue" } as const;

export function parseAnalysis(search: string): Parsed<AnalysisState> {
  const values = new URLSearchParams(search);
  const ignored: string[] = [];
  const outcome = values.get("outcome") ?? undefined;
  if (outcome !== undefined && !COLUMN.test(outcome)) ignored.push("outcome");
  const parts = splitList(values.get("axes") ?? "");
  const axes = parts.flatMap((part) => parseAxis(part) ?? []);
  if (axes.length < parts.length) ignored.push("axes");
  const keep = parseRanges(values.get("keep") ?? "");
  if (!keep) ignored.push("keep");
  const single = Object.entries(ONE_AXIS).map(([name, field]) => {
    const text = values.get(name);
    const choice = text === null ? undefined : parseAxis(text);
    if (text !== null && !choice) ignored.push(name);
    return [field, choice] as const;
  });
  return {
    state: {
      ...(Object.fromEntries(single) as Record<(typeof ONE_AXIS)[keyof typeof ONE_AXIS], AxisChoice | undefined>),
      outcome: outcome !== undefined && COLUMN.test(outcome) ? outcome : undefined,
      axes: axes.length > 0 ? uniqueAxes(axes) : undefined,
      keep: keep ?? new Map(),
      contour: values.get("contour") === "1",
    },
    ignored,
  };
}

/** Each column once: where the first of them stands. */
function uniqueAxes(axes: AxisChoice[]): AxisChoice[] {
  return axes.filter((axis, at) => axes.findIndex((other) => other.column === axis.column) === at);
}

export function analysisParameters(state: AnalysisState): Record<string, string> {
  const single = Object.entries(ONE_AXIS).map(([name, field]) => {
    const choice = state[field];
    return [name, choice ? formatAxis(choice) : ""] as const;
  });
  return {
    outcome: state.outcome ?? "",
    axes: joinList((state.axes ?? []).map(formatAxis)),
    keep: formatRanges(state.keep),
    ...Object.fromEntries(single),
    contour: state.contour ? "1" : "",
  };
}
