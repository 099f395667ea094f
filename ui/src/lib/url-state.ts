import type { SortKey } from "./frame";

/** What a page of runs shows, as its address tells it. */
export interface TableState {
  query: string;
  sort: SortKey[];
  /** Columns chosen by the reader; undefined for the default choice. */
  columns: string[] | undefined;
  selected: string[];
  stage: Stage;
}

export type Stage = "active" | "deleted" | "all";
export type Axis = "step" | "relative" | "wall";

/** How curves are drawn, as the address tells it. */
export interface ChartState {
  axis: Axis;
  log: boolean;
  smoothing: number;
  zoom: [number, number] | undefined;
}

export interface Parsed<State> {
  state: State;
  /** Parts of the address that were not understood. */
  ignored: string[];
}

const COLUMN = /^(attributes|metrics|params|tags)\../s;
const RUN_ID = /^[\w-]{1,64}$/;
const STAGES: readonly string[] = ["active", "deleted", "all"];
const AXES: readonly string[] = ["step", "relative", "wall"];

/** A list in an address: parts with commas apart, a comma inside a part doubled as a backslash pair. */
export function splitList(text: string): string[] {
  const parts = text.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return parts.map((part) => part.replace(/\\(.)/gs, "$1"));
}

export function joinList(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[\\,]/g, "\\$&")).join(",");
}

export function parseTable(search: string): Parsed<TableState> {
  const values = new URLSearchParams(search);
  const ignored: string[] = [];
  const keep = (name: string, test: (part: string) => boolean): string[] => {
    const parts = splitList(values.get(name) ?? "");
    const good = parts.filter(test);
    if (good.length < parts.length) ignored.push(name);
    return good;
  };
  const sort = keep("sort", (part) => COLUMN.test(part.replace(/^-/, "")));
  const columns = keep("cols", (part) => COLUMN.test(part));
  const stage = values.get("stage") ?? "active";
  if (!STAGES.includes(stage)) ignored.push("stage");
  return {
    state: {
      query: values.get("q") ?? "",
      sort: sort.map((part) => ({ column: part.replace(/^-/, ""), descending: part.startsWith("-") })),
      columns: columns.length > 0 ? columns : undefined,
      selected: keep("runs", (part) => RUN_ID.test(part)),
      stage: STAGES.includes(stage) ? (stage as Stage) : "active",
    },
    ignored,
  };
}

export function tableParameters(state: TableState): Record<string, string> {
  return {
    q: state.query,
    sort: joinList(state.sort.map((key) => `${key.descending ? "-" : ""}${key.column}`)),
    cols: joinList(state.columns ?? []),
    runs: joinList(state.selected),
    stage: state.stage === "active" ? "" : state.stage,
  };
}

export function parseChart(search: string): Parsed<ChartState> {
  const values = new URLSearchParams(search);
  const ignored: string[] = [];
  const axis = values.get("x") ?? "step";
  if (!AXES.includes(axis)) ignored.push("x");
  const smoothing = Number(values.get("smooth") ?? 0);
  const smoothable = smoothing >= 0 && smoothing < 1;
  if (!smoothable) ignored.push("smooth");
  const zoom = /^(-?[\d.]+)~(-?[\d.]+)$/.exec(values.get("zoom") ?? "");
  const range: [number, number] | undefined =
    zoom && Number(zoom[1]) < Number(zoom[2]) ? [Number(zoom[1]), Number(zoom[2])] : undefined;
  if (values.has("zoom") && !range) ignored.push("zoom");
  return {
    state: {
      axis: AXES.includes(axis) ? (axis as Axis) : "step",
      log: values.get("y") === "log",
      smoothing: smoothable ? smoothing : 0,
      zoom: range,
    },
    ignored,
  };
}

export function chartParameters(state: ChartState): Record<string, string> {
  return {
    x: state.axis === "step" ? "" : state.axis,
    y: state.log ? "log" : "",
    smooth: state.smoothing > 0 ? String(state.smoothing) : "",
    zoom: state.zoom ? `${plainNumber(state.zoom[0])}~${plainNumber(state.zoom[1])}` : "",
  };
}

function plainNumber(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

/** Run ids of an address, each once, in order. */
export function parseRunIds(search: string): Parsed<string[]> {
  const parts = [...new Set(splitList(new URLSearchParams(search).get("runs") ?? ""))];
  const good = parts.filter((part) => RUN_ID.test(part));
  return { state: good, ignored: good.length < parts.length ? ["runs"] : [] };
}

/** A query text that people can read: only what would break an address is escaped. Empty values are left out. */
export function formatSearch(parameters: Record<string, string>): string {
  const parts = Object.entries(parameters)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${readable(value)}`);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

function readable(value: string): string {
  return encodeURIComponent(value)
    .replace(/%20/g, "+")
    .replace(/%(2C|2F|3A|3D|3C|3E|40|5B|5D)/g, decodeURIComponent);
}

/** The path here for an address that MLflow prints, such as `#/experiments/1/runs/abc`; undefined for others. */
export function fromMlflowHash(hash: string): string | undefined {
  const run = /^#\/experiments\/[^/?]+\/runs\/([\w-]+)/.exec(hash);
  if (run) return `/runs/${run[1]}`;
  const logged = /^#\/experiments\/[^/?]+\/models\/([\w-]+)/.exec(hash);
  if (logged) return `/m/${logged[1]}`;
  const version = /^#(\/models(?:\/[^/?]+(?:\/versions\/\d+)?)?)\/?(?:\?|$)/.exec(hash);
  if (version) return version[1];
  const experiment = /^#\/experiments\/([\w-]+)/.exec(hash);
  if (experiment) return `/experiments/${experiment[1]}`;
  return hash.startsWith("#/") ? "/" : undefined;
}

/** Where runs are compared. */
export function compareHref(runIds: Iterable<string>): string {
  return `/compare?runs=${joinList([...runIds])}`;
}
