import { joinList, splitList } from "./url-state";

/** A stretch of a report: Markdown, or a chart. */
export type ReportPart =
  | { kind: "text"; text: string }
  /** `body` is what stands in the block; the frozen data of the chart is kept under it. */
  | { kind: "chart"; body: string };

const FENCE = /^(?<mark>`{3,}|~{3,})[ \t]*(?<word>[^`\s]*)[^`]*$/;

/** A report in parts: blocks of code in the language `chart` are charts, everything else is Markdown. */
export function reportParts(text: string): ReportPart[] {
  const parts: ReportPart[] = [];
  let plain: string[] = [];
  let block: { mark: string; isChart: boolean; lines: string[]; opening: string } | undefined;
  const flush = () => {
    if (plain.some((line) => line.trim() !== "")) parts.push({ kind: "text", text: plain.join("\n") });
    plain = [];
  };
  for (const line of text.split(/\r?\n/)) {
    if (block) {
      if (isClosing(line, block.mark)) {
        if (block.isChart) {
          flush();
          parts.push({ kind: "chart", body: block.lines.join("\n").trim() });
        } else plain.push(block.opening, ...block.lines, line);
        block = undefined;
      } else block.lines.push(line);
      continue;
    }
    const fence = FENCE.exec(line);
    if (fence?.groups) {
      const { mark = "", word = "" } = fence.groups;
      block = { mark, isChart: word === "chart", lines: [], opening: line };
    } else plain.push(line);
  }
  // A block that nobody has closed yet is being written.
  if (block) plain.push(block.opening, ...block.lines);
  flush();
  return parts;
}

function isClosing(line: string, mark: string): boolean {
  const closing = line.trim();
  return closing.length >= mark.length && closing === mark[0]!.repeat(closing.length);
}

/** What a chart of a report shows: parts of an address, as on the page of an experiment's charts. */
export interface ChartSpec {
  metric: string;
  /** Runs by id; where empty, those that the filter finds. */
  runs: string[];
  experiments: string[];
  filter: string;
  /** As in a search: `metrics.auc DESC`. */
  order: string[];
  most: number;
  /** The rest, which says how it is drawn, as the query of an address. */
  looks: string;
  /** Why nothing can be drawn. */
  problem: string | undefined;
}

const OWN = new Set(["metric", "runs", "experiment", "q", "sort", "most", "title"]);
const MOST_RUNS = 50;
const RUN_ID = /^[\w-]{1,64}$/;

/**
 * The chart that a block says, each part on a line of its own, or as the query of an address:
 *
 *     metric=val_accuracy
 *     q=params.optimizer = 'adam'
 *     x=relative
 */
export function parseSpec(body: string, experimentId: string): ChartSpec {
  const values = valuesOf(body);
  const runs = splitList(values.get("runs") ?? "").filter((id) => RUN_ID.test(id));
  const metric = values.get("metric") ?? (values.has("f") ? `f:${values.get("f")}` : "");
  const looks = new URLSearchParams([...values].filter(([name]) => !OWN.has(name) && name !== "f"));
  const most = Number(values.get("most") ?? MOST_RUNS);
  return {
    metric,
    runs,
    experiments: splitList(values.get("experiment") ?? experimentId),
    filter: values.get("q") ?? "",
    order: splitList(values.get("sort") ?? "").map(orderOf),
    most: Number.isInteger(most) && most >= 1 ? Math.min(most, 500) : MOST_RUNS,
    looks: looks.toString(),
    problem: metric === "" ? "The chart names no metric. Add a line such as metric=loss to its block." : undefined,
  };
}

function orderOf(part: string): string {
  const name = part.replace(/^-/, "");
  const dot = name.indexOf(".");
  const key = name.slice(dot + 1);
  const quoted = /^\w+$/.test(key) ? key : `\`${key}\``;
  return `${name.slice(0, dot)}.${quoted} ${part.startsWith("-") ? "DESC" : "ASC"}`;
}

function valuesOf(body: string): Map<string, string> {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 1 && /^\s*(\?|\/|https?:)/.test(lines[0]!)) {
    return new Map(new URLSearchParams(lines[0]!.slice(lines[0]!.indexOf("?") + 1)));
  }
  return new Map(
    lines.flatMap((line): Array<[string, string]> => {
      const place = line.indexOf("=");
      return place < 0 ? [] : [[line.slice(0, place).trim(), line.slice(place + 1).trim()]];
    }),
  );
}

export interface NewChart {
  metric: string;
  filter: string;
  runs: string[];
  axis: string;
}

/** The block of a new chart. */
export function chartBlock({ metric, filter, runs, axis }: NewChart): string {
  const lines = [
    `metric=${metric}`,
    filter && `q=${filter.replace(/\s*\n\s*/g, " ")}`,
    runs.length > 0 && `runs=${joinList(runs)}`,
    axis && axis !== "step" && `x=${axis}`,
  ];
  return ["```chart", ...lines.filter(Boolean), "```"].join("\n");
}

/** A text with a block put in after the line that a place is in, apart from what stands around it. */
export function withBlock(text: string, place: number, block: string): string {
  const end = text.indexOf("\n", place);
  const at = end < 0 ? text.length : end;
  const before = text.slice(0, at).replace(/\n+$/, "");
  const after = text.slice(at).replace(/^\n+/, "");
  return `${before ? `${before}\n\n` : ""}${block}\n${after ? `\n${after}` : ""}`;
}

/** Frozen data by the text of the block it belongs to; nothing where it does not read. */
export function parseFrozen(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text || "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** The frozen data of the charts that a text still has. */
export function formatFrozen(frozen: Record<string, unknown>, text: string): string {
  const bodies = new Set(reportParts(text).map((part) => (part.kind === "chart" ? part.body : "")));
  const kept = Object.entries(frozen).filter(([body, data]) => bodies.has(body) && data !== undefined);
  return kept.length > 0 ? JSON.stringify(Object.fromEntries(kept)) : "";
}
