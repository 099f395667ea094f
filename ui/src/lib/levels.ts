/** What may be granted, by MLflow's names: each includes those before it, but DENY beats all. */
export const LEVELS = ["READ", "USE", "EDIT", "MANAGE", "DENY"] as const;
export type Level = (typeof LEVELS)[number];

/** What something is granted on; `workspace` is everything. */
export type GrantedOn = "experiment" | "registered_model" | "workspace";

const MEANINGS: Record<GrantedOn, Record<Level, string>> = {
  experiment: {
    READ: "find, read and download its runs, files and reports",
    USE: "the same as READ, for clients of MLflow that ask for it",
    EDIT: "log runs, tag, rename, write notes and reports",
    MANAGE: "delete, restore, and grant to others",
    DENY: "nothing, whatever else is granted",
  },
  registered_model: {
    READ: "find, read and load its versions",
    USE: "the same as READ, for clients of MLflow that ask for it",
    EDIT: "add versions, move aliases, tag, describe",
    MANAGE: "delete, rename, protect aliases, and grant to others",
    DENY: "nothing, whatever else is granted",
  },
  workspace: {
    READ: "find, read and download everything",
    USE: "not granted on everything",
    EDIT: "log runs and add versions everywhere",
    MANAGE: "delete and grant everywhere",
    DENY: "nothing, whatever else is granted",
  },
};

/** The levels that may be granted on something, with one line on what each allows. */
export function levelsOn(what: GrantedOn): Array<{ level: Level; meaning: string }> {
  return LEVELS.filter((level) => what !== "workspace" || level !== "USE").map((level) => ({
    level,
    meaning: MEANINGS[what][level],
  }));
}

const ORDER = ["NO_PERMISSIONS", "READ", "USE", "EDIT", "MANAGE"];

/**
 * Whether what the server says one may do includes what is needed. Everything does on a server without users, which says
 * nothing, and before it has said anything: it refuses what is not allowed.
 */
export function includes(held: string | undefined, needed: "EDIT" | "MANAGE"): boolean {
  return !held || ORDER.indexOf(held) >= ORDER.indexOf(needed);
}
