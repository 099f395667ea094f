import { modelPath } from "./models";
import { formatSearch } from "./url-state";

/** Something that the search over everything found, as the server tells it. */
export interface Found {
  kind: string;
  id: string;
  label: string;
  experiment_id: string;
  experiment_name: string;
  status: string;
  time: number;
  version: string;
  match: string;
}

const KINDS: Record<string, string> = {
  run: "Runs",
  experiment: "Experiments",
  model: "Models",
  version: "Versions",
  report: "Reports",
  view: "Saved views",
  metric: "Metrics",
  param: "Params",
};

/** The heading of what is of one kind. */
export function kindHeading(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** Where something that was found is shown. */
export function foundHref({ kind, id, experiment_id: experiment, version }: Found): string {
  const inside = `/experiments/${encodeURIComponent(experiment)}`;
  const hrefs: Record<string, () => string> = {
    run: () => `/runs/${id}`,
    experiment: () => `/experiments/${id}`,
    model: () => modelPath(id),
    version: () => modelPath(id, "versions", version),
    report: () => `/reports/${id}`,
    view: () => inside + formatSearch({ saved: id }),
    metric: () => inside + formatSearch({ sort: `-metrics.${escaped(id)}` }),
    param: () => inside + formatSearch({ sort: `params.${escaped(id)}` }),
  };
  return hrefs[kind]?.() ?? "/";
}

function escaped(key: string): string {
  return key.replace(/[\\,]/g, "\\$&");
}

export interface Action {
  label: string;
  /** Other words that it is found by. */
  words?: string;
  /** Its key, shown beside it. */
  keys?: string;
  href?: string;
  run?: () => void;
}

/** Actions whose label or other words have a word that begins with each word of a text; all of them for no text. */
export function matchingActions(actions: readonly Action[], text: string): Action[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return actions.filter(({ label, words = "" }) => {
    const own = `${label} ${words}`.toLowerCase().split(/\s+/);
    return wanted.every((word) => own.some((one) => one.startsWith(word)));
  });
}

/** A label in parts, those that the words of a text were found in marked; the words stand in their order. */
export function markedParts(label: string, text: string): Array<{ text: string; marked: boolean }> {
  const parts: Array<{ text: string; marked: boolean }> = [];
  const lower = label.toLowerCase();
  let place = 0;
  for (const word of text.toLowerCase().split(/\s+/).filter(Boolean)) {
    const found = lower.indexOf(word, place);
    // Lowering may change the length of a text: such labels are left unmarked.
    if (found < 0 || lower.length !== label.length) break;
    if (found > place) parts.push({ text: label.slice(place, found), marked: false });
    parts.push({ text: label.slice(found, found + word.length), marked: true });
    place = found + word.length;
  }
  if (place < label.length) parts.push({ text: label.slice(place), marked: false });
  return parts;
}

/** A page that was looked at. */
export interface Visited {
  href: string;
  label: string;
}

/** Where a browser keeps the pages that its reader looked at. */
export const VISITED_KEPT_AS = "assay.visited";
const MOST_VISITED = 12;
const REMEMBERED = /^\/(runs|experiments|models|reports|m)\/[^/]+/;

/** The pages looked at last, the present one first; only pages of one thing are remembered. */
export function withVisited(visited: readonly Visited[], { href, label }: Visited): readonly Visited[] {
  if (!REMEMBERED.test(href) || label === "") return visited;
  return [{ href, label }, ...visited.filter((one) => one.href !== href)].slice(0, MOST_VISITED);
}

/** Pages from where they are kept; nothing where that does not read. */
export function parseVisited(text: string | null): Visited[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(value)) return [];
    return value.filter(
      (one): one is Visited =>
        typeof one?.href === "string" && one.href.startsWith("/") && typeof one.label === "string",
    );
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** What kind of page an address is of, in one word. */
export function pageKind(href: string): string {
  const kind = /^\/(\w+)/.exec(href)?.[1] ?? "";
  const words: Record<string, string> = {
    runs: "Run",
    experiments: "Experiment",
    models: href.includes("/versions/") ? "Version" : "Model",
    m: "Logged model",
    reports: "Report",
  };
  return words[kind] ?? "Page";
}
