/** What a version showed for one rule of a gate. */
export interface Outcome {
  guards: string;
  line: number;
  rule: string;
  passed?: boolean;
  found?: string;
  wanted?: string;
}

/** The rules of one gate; `guards` is an alias with its `@`, or a stage. */
export interface Gate<Rule> {
  guards: string;
  rules: Rule[];
}

const COMPARED =
  /^(metrics?|tags?)\.(`[^`]+`|"[^"]+"|[^\s=<>!]+)\s*(>=|<=|!=|=|>|<|IS NOT NULL|IS NULL|NOT IN|IN)\s*(.*)$/is;
const AGAINST = /^@([\w-]+)(?:\s*[+-]\s*(\S+))?$/;
const WORDS: Record<string, string> = {
  ">=": "is at least",
  "<=": "is at most",
  ">": "is above",
  "<": "is below",
  "=": "is",
  "!=": "is not",
  IN: "is one of",
  "NOT IN": "is none of",
};

/** One rule of a gate in words; one of another form as it was written. */
export function ruleInWords(rule: string): string {
  if (rule === "signature") return "Has a signature";
  if (rule === "evaluation") return "Was evaluated: a metric was measured on a dataset";
  const approved = /^approved\s+by\s+(.+)$/s.exec(rule);
  if (approved) return `Approved by ${listed(approved[1]!.split(",").map((name) => name.trim()))}`;
  const [, entity = "", quoted = "", sign = "", value = ""] = COMPARED.exec(rule) ?? [];
  if (!entity) return rule;
  const key = quoted.replace(/^([`"])(.*)\1$/s, "$2");
  const operator = sign.toUpperCase();
  const subject = entity.startsWith("tag") ? `Tag ${key}` : key;
  const other = AGAINST.exec(value);
  if (other) return `${subject} ${againstInWords(operator, other[1]!, other[2])}`;
  if (operator === "IS NOT NULL") return `${subject} is there`;
  if (operator === "IS NULL") return `${subject} is not there`;
  return `${subject} ${WORDS[operator]} ${value.replace(/^\((.*)\)$/s, "$1")}`;
}

function againstInWords(operator: string, alias: string, tolerance: string | undefined): string {
  const worse = operator === ">=" ? "lower" : "higher";
  const room = tolerance === undefined ? "no" : `at most ${tolerance}`;
  return `is ${room} ${worse} than that of @${alias}, on the same data`;
}

/** What was found or wanted, without the last digits that binary fractions bring: 0.8500000000000001 is 0.85. */
export function withoutNoise(text: string): string {
  return text.replace(/\d+\.\d{11,}(?:e[-+]?\d+)?/g, (digits) => String(Number(Number(digits).toPrecision(12))));
}

function listed(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Rules by the gate that they stand in, in the order of the text. */
export function byGate<Rule extends { guards: string }>(rules: readonly Rule[]): Array<Gate<Rule>> {
  const gates = new Map<string, Rule[]>();
  for (const rule of rules) gates.set(rule.guards, [...(gates.get(rule.guards) ?? []), rule]);
  return [...gates].map(([guards, some]) => ({ guards, rules: some }));
}
