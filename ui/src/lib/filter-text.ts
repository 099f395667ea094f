/** Where a filter is wrong, and what the server said of it. */
export interface FilterProblem {
  message: string;
  /** The characters to mark; undefined where the message names no place. */
  start: number | undefined;
  end: number | undefined;
}

/** The place in a filter that an error message names, with the word that stands there. */
export function locateProblem(message: string, query: string): FilterProblem {
  const position = /\bposition (\d+)/.exec(message)?.[1];
  const [first = ""] = message.split("\n");
  if (position === undefined) return { message: first, start: undefined, end: undefined };
  const plain = first.replace(/^\w+ error at position \d+: /, "");
  const start = Math.min(Math.max(0, Number(position) - 1), query.length);
  const word = /^\s*[^\s()]+/.exec(query.slice(start))?.[0].length ?? 1;
  return { message: plain.charAt(0).toUpperCase() + plain.slice(1), start, end: start + word };
}

/** What can be completed: names of the search language, and the values that text columns hold. */
export interface Vocabulary {
  names: string[];
  values: (name: string) => string[];
}

export interface Completions {
  /** The part of the text that a completion replaces. */
  start: number;
  end: number;
  options: string[];
}

const MOST = 12;
export const TOKEN =
  /\s+|[^\W\d][\w]*\.(?:`[^`]*`|"[^"]*"|[\w.]+)|[^\W\d]\w*|'[^']*'|"[^"]*"|[=<>!]+|[(),]|-?(?:\d|\.\d)\S*|./gsu;
const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "LIKE", "ILIKE", "IN", "IS NULL", "IS NOT NULL"];
const TEXT_OPERATORS = ["=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"];
const NUMBER_OPERATORS = ["=", "!=", "<", "<=", ">", ">="];

type Expected = "name" | "operator" | "value" | "joiner";

/** What a token leaves to be expected after it; `expected` is what was expected in its place. */
function after(token: string, expected: Expected): Expected {
  const word = token.toUpperCase();
  if (token === "(" || word === "AND" || word === "OR") return "name";
  if (token === ")") return "joiner";
  if (expected === "name") return word === "NOT" ? "name" : "operator";
  if (expected === "value" || expected === "joiner" || word === "NULL") return "joiner";
  return word === "IS" || word === "NOT" ? "operator" : "value";
}

/** Read the text before the caret: what may follow, and the name that the comparison is about. */
function expectation(before: string): { expected: Expected; name: string } {
  let expected: Expected = "name";
  let name = "";
  for (const token of (before.match(TOKEN) ?? []).filter((part) => part.trim() !== "")) {
    const next = after(token, expected);
    if (expected === "name" && next === "operator") name = token;
    expected = next;
  }
  return { expected, name };
}

/** The part at the end of a text that is still being typed: an open quote with what is in it, or the last word. */
function unfinished(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  const open = tokens.findIndex((token) => /^[`'"]$/.test(token));
  if (open === -1) {
    const last = tokens.at(-1) ?? "";
    return /^\s|^[(),]|^'|^"/.test(last) ? "" : last;
  }
  const prefix = tokens[open - 1] === "." ? tokens.slice(open - 2, open) : [];
  return [...prefix, ...tokens.slice(open)].join("");
}

/** Completions at the caret. */
export function complete(query: string, caret: number, vocabulary: Vocabulary): Completions {
  const before = query.slice(0, caret);
  const typed = unfinished(before);
  const start = caret - typed.length;
  const { expected, name } = expectation(before.slice(0, start));
  const offered = [...offers(expected, name, vocabulary), ...(expected === "name" ? statNames(typed, vocabulary) : [])];
  const needle = typed.toLowerCase();
  const rank = (option: string) => (option.toLowerCase().startsWith(needle) ? 0 : 1);
  const options = offered
    .filter((option) => option.toLowerCase().includes(needle) && option !== typed)
    .sort((left, right) => rank(left) - rank(right));
  return { start, end: caret, options: options.slice(0, MOST) };
}

const STAT = /^metrics_/i;

/** The least, greatest and first values of metrics; offered once they are asked for, since there are so many. */
function statNames(typed: string, { names }: Vocabulary): string[] {
  if (!STAT.test(typed)) return [];
  const metrics = names.filter((name) => name.startsWith("metrics."));
  return ["min", "max", "first"].flatMap((stat) => metrics.map((name) => name.replace("metrics", `metrics_${stat}`)));
}

function offers(expected: Expected, name: string, vocabulary: Vocabulary): string[] {
  if (expected === "name") return vocabulary.names;
  if (expected === "joiner") return ["AND", "OR"];
  if (expected === "value") return vocabulary.values(name).map(quoted);
  if (/^metrics(_\w+)?\./.test(name) || /_time$/.test(name)) return NUMBER_OPERATORS;
  return name.startsWith("params.") ? OPERATORS.filter((one) => one !== "IN") : TEXT_OPERATORS;
}

function quoted(value: string): string {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
