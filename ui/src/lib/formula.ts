/** A formula over metrics as a tree. */
export type Formula =
  | { kind: "number"; value: number }
  | { kind: "metric"; key: string }
  | { kind: "call"; name: string; parts: Formula[] };

/** What is wrong with a formula, and where: positions count from 0. */
export class FormulaError extends Error {
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.name = "FormulaError";
    this.start = start;
    this.end = Math.max(end, start + 1);
  }
}

type Pointwise = (...values: number[]) => number;

/** What a formula may call, with how many parts; operators are here under their sign, `neg` is the sign before a part. */
const POINTWISE: Record<string, { parts: number; apply: Pointwise }> = {
  "+": { parts: 2, apply: (left, right) => left! + right! },
  "-": { parts: 2, apply: (left, right) => left! - right! },
  "*": { parts: 2, apply: (left, right) => left! * right! },
  "/": { parts: 2, apply: (left, right) => left! / right! },
  "^": { parts: 2, apply: (left, right) => left! ** right! },
  neg: { parts: 1, apply: (value) => -value! },
  abs: { parts: 1, apply: (value) => Math.abs(value!) },
  exp: { parts: 1, apply: (value) => Math.exp(value!) },
  log: { parts: 1, apply: (value) => Math.log(value!) },
  log2: { parts: 1, apply: (value) => Math.log2(value!) },
  log10: { parts: 1, apply: (value) => Math.log10(value!) },
  sqrt: { parts: 1, apply: (value) => Math.sqrt(value!) },
  min: { parts: 2, apply: (left, right) => Math.min(left!, right!) },
  max: { parts: 2, apply: (left, right) => Math.max(left!, right!) },
};

/** Functions of all values up to a step: the best so far. */
const RUNNING: Record<string, (soFar: number, value: number) => number> = {
  cummin: Math.min,
  cummax: Math.max,
};

export const FUNCTIONS: readonly string[] = [
  ...Object.keys(POINTWISE).filter((name) => /^[a-z]/.test(name) && name !== "neg"),
  ...Object.keys(RUNNING),
];

interface Token {
  kind: "number" | "metric" | "function" | "sign" | "end";
  text: string;
  start: number;
  end: number;
}

const SPACE = /\s*/y;
const NUMBER = /(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_.]*/uy;
const QUOTED = /`([^`]*)`|"([^"]*)"/y;
const SIGN = /\*\*|[-+*/^(),]/y;
const JOINS = /[\p{L}\p{N}_]/u;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The longest known metric that stands at a place; the name of one does not end within a word. */
function knownAt(text: string, at: number, known: readonly string[]): string | undefined {
  return known.find((key) => {
    if (!text.startsWith(key, at)) return false;
    const next = text[at + key.length] ?? "";
    return !(JOINS.test(next) && JOINS.test(key.at(-1) ?? ""));
  });
}

function readToken(text: string, from: number, known: readonly string[]): Token {
  const start = from + matchAt(SPACE, text, from)![0].length;
  const token = (kind: Token["kind"], body: string, length: number): Token => ({
    kind,
    text: body,
    start,
    end: start + length,
  });
  if (start >= text.length) return token("end", "", 0);
  const quoted = matchAt(QUOTED, text, start);
  if (quoted) return quotedMetric(quoted, token, known);
  const number = matchAt(NUMBER, text, start);
  const key = knownAt(text, start, known);
  if (number && number[0].length >= (key?.length ?? 0)) return token("number", number[0], number[0].length);
  const name = matchAt(NAME, text, start)?.[0];
  const called = name !== undefined && /^\s*\(/.test(text.slice(start + name.length));
  if (key !== undefined && !(called && FUNCTIONS.includes(name))) return token("metric", key, key.length);
  if (name !== undefined) {
    if (FUNCTIONS.includes(name) || called) return token("function", name, name.length);
    throw new FormulaError(unknown(name, known), start, start + name.length);
  }
  const sign = matchAt(SIGN, text, start)?.[0];
  if (sign === undefined) throw new FormulaError(`${text[start]} has no meaning here.`, start, start + 1);
  return token("sign", sign === "**" ? "^" : sign, sign.length);
}

const MOST_OFFERED = 3;

function unknown(name: string, known: readonly string[]): string {
  const near = known.filter((key) => key.includes(name)).slice(0, MOST_OFFERED);
  return `No metric is called ${name}.${near.length > 0 ? ` There is ${near.join(", ")}.` : ""}`;
}

function quotedMetric(
  quoted: RegExpExecArray,
  token: (kind: "metric", body: string, length: number) => Token,
  known: readonly string[],
): Token {
  const key = quoted[1] ?? quoted[2] ?? "";
  const found = token("metric", key, quoted[0].length);
  if (!known.includes(key)) throw new FormulaError(unknown(key, known), found.start, found.end);
  return found;
}

const BINDING: Record<string, number> = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 4 };
const SIGN_BINDING = 3;

class Parser {
  private readonly text: string;
  private readonly known: readonly string[];
  private token: Token;

  constructor(text: string, known: readonly string[]) {
    this.text = text;
    this.known = [...known].sort((left, right) => right.length - left.length);
    this.token = readToken(text, 0, this.known);
  }

  whole(): Formula {
    const tree = this.expression(0);
    if (this.token.kind !== "end") this.fail(`An operator is missing before ${this.token.text}.`);
    return tree;
  }

  private next(): Token {
    const { token } = this;
    this.token = readToken(this.text, token.end, this.known);
    return token;
  }

  private fail(message: string): never {
    throw new FormulaError(message, this.token.start, this.token.end);
  }

  private takes(sign: string): boolean {
    if (this.token.kind !== "sign" || this.token.text !== sign) return false;
    this.next();
    return true;
  }

  /** Operators that bind at least so tightly; `^` takes from the right, the others from the left. */
  private expression(least: number): Formula {
    let left = this.operand();
    for (;;) {
      const { kind, text } = this.token;
      const binding = kind === "sign" ? (BINDING[text] ?? 0) : 0;
      if (binding === 0 || binding < least) return left;
      this.next();
      left = { kind: "call", name: text, parts: [left, this.expression(text === "^" ? binding : binding + 1)] };
    }
  }

  private operand(): Formula {
    const { kind, text } = this.token;
    if (kind === "end") this.fail(this.text.trim() ? "A metric or a number is missing at the end." : "It is empty.");
    if (kind === "function") return this.call();
    if (kind === "number" || kind === "metric") {
      this.next();
      return kind === "number" ? { kind, value: Number(text) } : { kind, key: text };
    }
    if (this.takes("(")) return this.closed(this.expression(0));
    if (this.takes("+")) return this.expression(SIGN_BINDING);
    if (this.takes("-")) return { kind: "call", name: "neg", parts: [this.expression(SIGN_BINDING)] };
    return this.fail(`A metric or a number is missing before ${text}.`);
  }

  private closed<Part>(inner: Part): Part {
    if (!this.takes(")")) this.fail("A closing bracket is missing.");
    return inner;
  }

  private call(): Formula {
    const { token } = this;
    const name = token.text;
    if (!FUNCTIONS.includes(name)) {
      this.fail(`There is no function ${name}. There are ${FUNCTIONS.join(", ")}.`);
    }
    this.next();
    if (!this.takes("(")) this.fail(`A bracket is missing after ${name}.`);
    const parts = [this.expression(0)];
    while (this.takes(",")) parts.push(this.expression(0));
    this.closed(parts);
    const wanted = POINTWISE[name]?.parts ?? 1;
    if (parts.length !== wanted) {
      throw new FormulaError(`${name} takes ${wanted}, not ${parts.length}.`, token.start, token.end);
    }
    return { kind: "call", name, parts };
  }
}

/**
 * The tree of a formula such as `loss - val_loss` or `1 - acc / 100`. Metrics are named as they are, the longest name
 * first (`train/loss` is the metric where there is one); backticks or quotes tell a name from the rest.
 *
 * Throws `FormulaError` with the place of what is wrong.
 */
export function parseFormula(text: string, known: readonly string[]): Formula {
  return new Parser(text, known).whole();
}

/** The metrics of a formula, each once. */
export function metricsOf(formula: Formula): string[] {
  if (formula.kind === "metric") return [formula.key];
  return formula.kind === "call" ? [...new Set(formula.parts.flatMap(metricsOf))] : [];
}

/** The value of a formula at each of `count` steps; `metrics` holds the values of each metric there. */
export function evaluate(formula: Formula, metrics: ReadonlyMap<string, Float64Array>, count: number): Float64Array {
  if (formula.kind === "number") return new Float64Array(count).fill(formula.value);
  if (formula.kind === "metric") return metrics.get(formula.key) ?? new Float64Array(count).fill(Number.NaN);
  const parts = formula.parts.map((part) => evaluate(part, metrics, count));
  const running = RUNNING[formula.name];
  if (running) return runningOf(parts[0]!, running);
  const { apply } = POINTWISE[formula.name]!;
  return Float64Array.from({ length: count }, (_, index) => apply(...parts.map((part) => part[index]!)));
}

/** What is not a number is passed over. */
function runningOf(values: Float64Array, step: (soFar: number, value: number) => number): Float64Array {
  let soFar = Number.NaN;
  return values.map((value) => {
    if (!Number.isNaN(value)) soFar = Number.isNaN(soFar) ? value : step(soFar, value);
    return soFar;
  });
}

/** A formula as text that reads as itself again. */
export function formatFormula(formula: Formula): string {
  if (formula.kind === "number") return String(formula.value);
  if (formula.kind === "metric") return formula.key.includes("`") ? `"${formula.key}"` : `\`${formula.key}\``;
  const parts = formula.parts.map(formatFormula);
  if (formula.name === "neg") return `(-${parts[0]})`;
  if (formula.name in BINDING) return `(${parts[0]} ${formula.name} ${parts[1]})`;
  return `${formula.name}(${parts.join(", ")})`;
}
