import type { SortKey } from "./frame";

/**
 * What a page of runs shows, as its address tells it. Saved views keep exactly these parameters:
 *
 * | parameter | holds |
 * | --- | --- |
 * | `q` | the filter, in the search language |
 * | `sort` | columns, `-` before one for descending: `-metrics.auc,params.lr` |
 * | `cols` | columns shown, in order, see `Column`; `metrics.*`, `params.opt*` stand for all that begin so |
 * | `pin` | columns that stay in view beside the name |
 * | `w` | widths in pixels: `metrics.auc:140` |
 * | `group` | one or two of `params.…`, `tags.…`, `attributes.status`, … |
 * | `stat` | which figure of a group is shown: `mean` (default), `best`, `min`, `max`, `std`, `count` |
 * | `open` | rows opened by the reader (run ids, group keys), `-` before those closed; `*` for all |
 * | `nest` | `off`: nested runs stand in the list as others do |
 * | `diff` | `on`: columns that are equal in all rows are folded |
 * | `bars` | `off`: no bars behind numbers |
 * | `hide` | runs left out of charts |
 * | `runs` | runs selected |
 * | `peek` | the run in the drawer |
 * | `stage` | `deleted` or `all` |
 */
export interface TableState {
  query: string;
  sort: SortKey[];
  /** Columns chosen by the reader; undefined for the default choice. */
  columns: string[] | undefined;
  pinned: string[];
  widths: Record<string, number>;
  group: string[];
  stat: GroupStat;
  open: string[];
  nested: boolean;
  differing: boolean;
  bars: boolean;
  hidden: string[];
  selected: string[];
  peek: string;
  stage: Stage;
}

export const GROUP_STATS = ["mean", "best", "min", "max", "std", "count"] as const;
export type GroupStat = (typeof GROUP_STATS)[number];
export type Stage = "active" | "deleted" | "all";

export interface Parsed<State> {
  state: State;
  /** Parts of the address that were not understood. */
  ignored: string[];
}

const COLUMN = /^(attributes|metrics|metrics_min|metrics_max|metrics_first|curves|params|tags)\../s;
/** What runs can be grouped by. */
export const GROUPED = /^(params\..|tags\..|attributes\.(status|user_id|run_name)$)/s;
const WIDTH = /^(.+):(\d{2,4})$/s;
export const MOST_GROUPED = 2;
const RUN_ID = /^[\w-]{1,64}$/;
const STAGES: readonly Stage[] = ["active", "deleted", "all"];

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
  const choose = <Value extends string>(name: string, offered: readonly Value[]): Value => {
    const value = (values.get(name) || offered[0]) as Value;
    if (offered.includes(value)) return value;
    ignored.push(name);
    return offered[0]!;
  };
  const sort = keep("sort", (part) => COLUMN.test(part.replace(/^-/, "")));
  const columns = keep("cols", (part) => COLUMN.test(part));
  const widths = keep("w", (part) => COLUMN.test(part) && WIDTH.test(part)).map((part) => WIDTH.exec(part)!);
  const isId = (part: string) => RUN_ID.test(part);
  return {
    state: {
      query: values.get("q") ?? "",
      sort: sort.map((part) => ({ column: part.replace(/^-/, ""), descending: part.startsWith("-") })),
      columns: columns.length > 0 ? columns : undefined,
      pinned: keep("pin", (part) => COLUMN.test(part)),
      widths: Object.fromEntries(widths.map(([, column, width]) => [column, Number(width)])),
      group: keep("group", (part) => GROUPED.test(part)).slice(0, MOST_GROUPED),
      stat: choose("stat", GROUP_STATS),
      open: keep("open", (part) => part !== "-"),
      nested: choose("nest", ["on", "off"]) === "on",
      differing: choose("diff", ["off", "on"]) === "on",
      bars: choose("bars", ["on", "off"]) === "on",
      hidden: keep("hide", isId),
      selected: keep("runs", isId),
      peek: isId(values.get("peek") ?? "") ? values.get("peek")! : "",
      stage: choose("stage", STAGES),
    },
    ignored,
  };
}

export function tableParameters(state: TableState): Record<string, string> {
  return {
    q: state.query,
    sort: joinList(state.sort.map((key) => `${key.descending ? "-" : ""}${key.column}`)),
    cols: joinList(state.columns ?? []),
    pin: joinList(state.pinned),
    w: joinList(Object.entries(state.widths).map(([column, width]) => `${column}:${width}`)),
    group: joinList(state.group),
    stat: state.stat === "mean" ? "" : state.stat,
    open: joinList(state.open),
    nest: state.nested ? "" : "off",
    diff: state.differing ? "on" : "",
    bars: state.bars ? "" : "off",
    hide: joinList(state.hidden),
    runs: joinList(state.selected),
    peek: state.peek,
    stage: state.stage === "active" ? "" : state.stage,
  };
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

/** More runs side by side say nothing any more. */
export const MOST_COMPARED = 20;

/** Where runs are compared. */
export function compareHref(runIds: Iterable<string>): string {
  return `/compare?runs=${joinList([...runIds])}`;
}

/** Where more runs than can be compared are looked at together. */
export function analyseHref(experimentId: string, runIds: readonly string[]): string {
  const named = runIds.map((id) => `'${id}'`).join(", ");
  return `/experiments/${experimentId}/analyse${formatSearch({ q: `run_id IN (${named})` })}`;
}
