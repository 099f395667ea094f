import type { Axis } from "./curves";
import { GROUPED, joinList, MOST_GROUPED, type Parsed, splitList } from "./url-state";

export type Spread = "std" | "range" | "none";

/**
 * How the charts of a page are drawn and arranged, as its address tells it. Saved views keep these parameters too:
 *
 * | parameter | holds |
 * | --- | --- |
 * | `x` | `step` (default), `relative`, `wall`, or a metric: `metrics.tokens` |
 * | `xlog`, `y` | `log` |
 * | `smooth` | from 0 (default) to below 1 |
 * | `zoom` | the part of the x axis shown: `100~200` |
 * | `clip` | `on`: outliers do not stretch the y axis |
 * | `group` | as in the table of runs: one line for the runs with the same values there |
 * | `spread` | what is drawn around a mean: `std` (default), `range`, `none` |
 * | `f` | formulas, each a chart |
 * | `range` | y axes set by hand: `loss 0~2` |
 * | `order` | charts put in another place, in order |
 * | `sections` | sections put in another place, in order |
 * | `large` | charts over the whole width |
 * | `folded` | sections closed |
 * | `off` | charts left out |
 * | `row` | charts beside each other, where not as many as fit |
 * | `full` | the chart over the whole screen |
 * | `find` | the search among metrics |
 */
export interface ChartState {
  axis: Axis;
  logX: boolean;
  log: boolean;
  smoothing: number;
  zoom: [number, number] | undefined;
  clip: boolean;
  group: string[];
  spread: Spread;
  formulas: string[];
  ranges: Record<string, [number, number]>;
  order: string[];
  sections: string[];
  large: string[];
  folded: string[];
  off: string[];
  row: number;
  full: string;
  find: string;
}

const AXIS = /^(step|relative|wall|metrics\..+)$/s;
const MOST_IN_A_ROW = 4;
const NUMBER = String.raw`-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const RANGE = new RegExp(`^(${NUMBER})~(${NUMBER})$`);
const NAMED_RANGE = new RegExp(`^(.+) (${NUMBER}~${NUMBER})$`, "s");

/** Two numbers, the lesser first; undefined for anything else. */
export function parseRange(text: string): [number, number] | undefined {
  const found = RANGE.exec(text);
  if (!found) return undefined;
  const range: [number, number] = [Number(found[1]), Number(found[2])];
  return range[0] < range[1] ? range : undefined;
}

export function formatRange([low, high]: [number, number]): string {
  return `${short(low)}~${short(high)}`;
}

/** Nine figures tell any place of a picture. */
function short(value: number): string {
  return String(Number(value.toPrecision(9)));
}

export function parseChart(search: string): Parsed<ChartState> {
  const values = new URLSearchParams(search);
  const ignored: string[] = [];
  const read = <Value>(name: string, fallback: Value, parse: (text: string) => Value | undefined): Value => {
    const text = values.get(name);
    if (!text) return fallback;
    const value = parse(text);
    if (value === undefined) ignored.push(name);
    return value ?? fallback;
  };
  const list = (name: string) => splitList(values.get(name) ?? "");
  const keep = (name: string, test: (part: string) => boolean): string[] => {
    const parts = list(name);
    const good = parts.filter(test);
    if (good.length < parts.length) ignored.push(name);
    return good;
  };
  const flag = (name: string, word: string) => read(name, false, (text) => (text === word ? true : undefined));
  const one = <Value extends string>(name: string, offered: readonly Value[]) =>
    read(name, offered[0]!, (text) => offered.find((value) => value === text));
  const ranges = keep("range", (part) => parseRange(NAMED_RANGE.exec(part)?.[2] ?? "") !== undefined);
  const state: ChartState = {
    axis: read<Axis>("x", "step", (text) => (AXIS.test(text) ? (text as Axis) : undefined)),
    logX: flag("xlog", "log"),
    log: flag("y", "log"),
    smoothing: read("smooth", 0, (text) => (Number(text) >= 0 && Number(text) < 1 ? Number(text) : undefined)),
    zoom: read<[number, number] | undefined>("zoom", undefined, parseRange),
    clip: flag("clip", "on"),
    group: keep("group", (part) => GROUPED.test(part)).slice(0, MOST_GROUPED),
    spread: one("spread", ["std", "range", "none"] as const),
    formulas: list("f"),
    ranges: Object.fromEntries(
      ranges.map((part) => {
        const [, name = "", range = ""] = NAMED_RANGE.exec(part) ?? [];
        return [name, parseRange(range)!];
      }),
    ),
    order: list("order"),
    sections: list("sections"),
    large: list("large"),
    folded: list("folded"),
    off: list("off"),
    row: read("row", 0, (text) =>
      Number(text) >= 1 && Number(text) <= MOST_IN_A_ROW ? Math.floor(Number(text)) : undefined,
    ),
    full: values.get("full") ?? "",
    find: values.get("find") ?? "",
  };
  return { state, ignored };
}

export function chartParameters(state: ChartState): Record<string, string> {
  return {
    x: state.axis === "step" ? "" : state.axis,
    xlog: state.logX ? "log" : "",
    y: state.log ? "log" : "",
    smooth: state.smoothing > 0 ? String(state.smoothing) : "",
    zoom: state.zoom ? formatRange(state.zoom) : "",
    clip: state.clip ? "on" : "",
    group: joinList(state.group),
    spread: state.spread === "std" ? "" : state.spread,
    f: joinList(state.formulas),
    range: joinList(Object.entries(state.ranges).map(([name, range]) => `${name} ${formatRange(range)}`)),
    order: joinList(state.order),
    sections: joinList(state.sections),
    large: joinList(state.large),
    folded: joinList(state.folded),
    off: joinList(state.off),
    row: state.row > 0 ? String(state.row) : "",
    full: state.full,
    find: state.find,
  };
}
