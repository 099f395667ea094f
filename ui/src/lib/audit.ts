import type { Cell } from "./cells";
import { writeCsv } from "./csv";
import type { Parsed } from "./url-state";

/** Which entries of the audit log a page shows, as its address tells it; empty for all. */
export interface AuditFilter {
  actor: string;
  action: string;
  resource: string;
  /** `done`, `refused` for whatever was not done, or the code of an error. */
  outcome: string;
  address: string;
  /** Local times such as `2026-11-03T14:22`; both minutes belong to what is found. */
  since: string;
  until: string;
}

/** An entry as the server tells it. */
export interface Entry {
  number: number;
  time: number;
  request_id: string;
  actor: string;
  credential: string;
  address: string;
  action: string;
  resource: string;
  outcome: string;
  detail: string;
  digest: string;
}

export const NO_FILTER: AuditFilter = {
  actor: "",
  action: "",
  resource: "",
  outcome: "",
  address: "",
  since: "",
  until: "",
};
const NAMES = Object.keys(NO_FILTER) as Array<keyof AuditFilter>;
const TIMES = ["since", "until"] as const;
const MINUTE_MS = 60_000;
export const REFUSED = "refused";

export function parseAudit(search: string): Parsed<AuditFilter> {
  const values = new URLSearchParams(search);
  const state = Object.fromEntries(NAMES.map((name) => [name, values.get(name) ?? ""])) as unknown as AuditFilter;
  const ignored = TIMES.filter((name) => state[name] !== "" && momentOf(state[name]) === undefined);
  for (const name of ignored) state[name] = "";
  return { state, ignored };
}

/** What the server is asked for. */
export function auditRequest({ since, until, outcome, ...equal }: AuditFilter) {
  const end = momentOf(until);
  return {
    ...equal,
    outcome: outcome === REFUSED ? "" : outcome,
    refused: outcome === REFUSED,
    since: momentOf(since) ?? null,
    until: end === undefined ? null : end + MINUTE_MS - 1,
  };
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

function momentOf(text: string): number | undefined {
  const time = MOMENT.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** What was asked for, name by name; the whole text where it is no object, as when it was cut. */
export function detailsOf(detail: string): Array<[name: string, value: string]> {
  try {
    const value: unknown = JSON.parse(detail);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [["", detail]];
    return Object.entries(value).map(([name, one]) => [name, typeof one === "string" ? one : JSON.stringify(one)]);
  } catch (error) {
    if (error instanceof SyntaxError) return [["", detail]];
    throw error;
  }
}

/** What was asked for beside what the resource tells, in one line: `username: ada · permission: READ`. */
export function besidesOf({ detail, resource }: Pick<Entry, "detail" | "resource">): string {
  const told = ` ${resource} `;
  return detailsOf(detail)
    .filter(([, value]) => value !== "" && value !== "null" && !told.includes(` ${value} `))
    .map(([name, value]) => (name ? `${name}: ${value}` : value))
    .join(" · ");
}

const COLUMNS = [
  "number",
  "time",
  "actor",
  "credential",
  "address",
  "action",
  "resource",
  "outcome",
  "detail",
  "request_id",
  "digest",
] as const satisfies ReadonlyArray<keyof Entry>;

/** Entries as comma-separated values; times as UTC. */
export function auditCsv(entries: readonly Entry[]): string {
  const cell = (entry: Entry, name: (typeof COLUMNS)[number]): Cell =>
    name === "time" ? new Date(entry.time).toISOString() : entry[name];
  return writeCsv(
    COLUMNS,
    entries.map((entry) => COLUMNS.map((name) => cell(entry, name))),
  );
}

/** Entries as they are, one JSON object a line. */
export function auditLines(entries: readonly Entry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** Where a resource of an entry has its page, such as `experiment 3`. */
export function resourceHref(resource: string): string | undefined {
  const [kind = "", ...rest] = resource.split(" ");
  const name = encodeURIComponent(rest.join(" "));
  if (name === "") return undefined;
  const places: Record<string, string> = {
    experiment: `/experiments/${name}`,
    run: `/runs/${name}`,
    logged_model: `/m/${name}`,
    registered_model: `/models/${name}`,
    user: `/admin/users/${name}`,
    role: `/admin/groups/${name}`,
  };
  if (kind === "experiment" || kind === "role") return /^\d+$/.test(name) ? places[kind] : undefined;
  return places[kind];
}
