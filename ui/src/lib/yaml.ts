/** What a YAML text can hold. */
export type Yaml = string | number | boolean | null | Yaml[] | { [key: string]: Yaml };

/** Text that is not in the part of YAML read here; `line` counts from 1. */
export class YamlError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

interface Line {
  number: number;
  indent: number;
  text: string;
}

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#&*!|>'"%@`[{-][^#]*?|-[^\s#][^#]*?))\s*:(?=\s|$)/;
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * Read the part of YAML that configuration files are written in: mappings and lists by indentation, flow lists and
 * mappings, quoted, plain and block texts, folded over lines as they come. No anchors, tags or several documents.
 */
export function parseYaml(text: string): Yaml {
  return new Parser(text).document();
}

class Parser {
  private readonly lines: string[];
  private at = 0;

  constructor(text: string) {
    this.lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  }

  document(): Yaml {
    const first = this.peek();
    if (first?.text === "---") this.at = first.number;
    const start = this.peek();
    if (!start) return null;
    const value = this.block(start.indent);
    const rest = this.peek();
    if (rest && rest.text !== "..." && rest.text !== "---") throw new YamlError("is indented wrongly", rest.number);
    return value;
  }

  /** The next line that says something; it is not taken. */
  private peek(): Line | undefined {
    for (let index = this.at; index < this.lines.length; index += 1) {
      const raw = this.lines[index]!;
      const text = raw.trim();
      if (text === "" || text.startsWith("#")) continue;
      return { number: index + 1, indent: raw.length - raw.trimStart().length, text };
    }
    return undefined;
  }

  private take(line: Line): void {
    this.at = line.number;
  }

  private block(indent: number): Yaml {
    const line = this.peek();
    if (!line || line.indent < indent) return null;
    if (isItem(line.text)) return this.list(line.indent);
    if (KEY.test(line.text)) return this.mapping(line.indent);
    this.take(line);
    return this.scalar(line.text, indent - 1, line.number);
  }

  private list(indent: number): Yaml[] {
    const items: Yaml[] = [];
    for (let line = this.peek(); line && line.indent === indent && isItem(line.text); line = this.peek()) {
      const rest = line.text.slice(1).trimStart();
      const inner = indent + line.text.length - rest.length;
      if (rest === "" || rest.startsWith("#")) {
        this.take(line);
        items.push(this.nested(indent + 1));
      } else if (isItem(rest) || KEY.test(rest)) {
        // What follows the dash is a block of its own, whose first line begins here.
        this.lines[line.number - 1] = " ".repeat(inner) + rest;
        items.push(this.block(inner));
      } else {
        this.take(line);
        items.push(this.scalar(rest, indent, line.number));
      }
    }
    return items;
  }

  private nested(indent: number): Yaml {
    const next = this.peek();
    return next && next.indent >= indent ? this.block(next.indent) : null;
  }

  private mapping(indent: number): Yaml {
    const entries: Array<[string, Yaml]> = [];
    for (let line = this.peek(); line && line.indent === indent; line = this.peek()) {
      const found = KEY.exec(line.text);
      if (!found) throw new YamlError("is neither an entry nor part of one", line.number);
      this.take(line);
      const key = found[1] !== undefined ? unescaped(found[1]) : (found[2]?.replaceAll("''", "'") ?? found[3]!);
      const rest = line.text.slice(found[0].length).trim();
      entries.push([key, this.value(rest, indent, line.number)]);
    }
    return Object.fromEntries(entries);
  }

  private value(rest: string, indent: number, number: number): Yaml {
    if (rest !== "" && !rest.startsWith("#")) return this.scalar(rest, indent, number);
    const next = this.peek();
    // A list may stand as far left as the key that it belongs to.
    if (next && next.indent === indent && isItem(next.text)) return this.list(indent);
    return this.nested(indent + 1);
  }

  /** A text that begins on a line that was taken, and goes on while lines are indented further than `indent`. */
  private scalar(start: string, indent: number, number: number): Yaml {
    if (/^[|>][-+\d]*\s*(#.*)?$/.test(start)) return this.literal(start, indent);
    if (/^[&*!%@`]/.test(start)) throw new YamlError(`${start.slice(0, 20)} is not read here`, number);
    const quote = start[0] === '"' || start[0] === "'" ? start[0] : "";
    let text = quote ? start : withoutComment(start);
    const open = () => (quote ? !isClosed(text, quote) : isFlow(text) && !isBalanced(text));
    while (open() || (!quote && !isFlow(text))) {
      const line = this.continuation(indent, open());
      if (line === undefined) break;
      text = joined(text, quote ? line : withoutComment(line), quote);
    }
    if (open()) throw new YamlError("a text or list is not closed", number);
    if (quote) return unquoted(withoutRest(text, quote), quote);
    return isFlow(text) ? new Flow(text, number).read() : plain(text);
  }

  private continuation(indent: number, open: boolean): string | undefined {
    const raw = this.lines[this.at];
    if (raw === undefined) return undefined;
    const text = raw.trim();
    const deeper = raw.length - raw.trimStart().length > indent;
    if (text === "" ? !open : !deeper || (!open && text.startsWith("#"))) return undefined;
    this.at += 1;
    return text;
  }

  private literal(head: string, indent: number): string {
    const parts: string[] = [];
    let inner = -1;
    while (this.at < this.lines.length) {
      const raw = this.lines[this.at]!;
      const depth = raw.length - raw.trimStart().length;
      if (raw.trim() !== "" && depth <= indent) break;
      if (inner < 0 && raw.trim() !== "") inner = depth;
      parts.push(raw.slice(Math.max(0, inner)));
      this.at += 1;
    }
    while (parts.at(-1)?.trim() === "") parts.pop();
    const body = head[0] === "|" ? parts.join("\n") : parts.join("\n").replace(/([^\n])\n(?!\n)/g, "$1 ");
    return head.includes("-") ? body : `${body}\n`;
  }
}

/** Lists and mappings in brackets, on one line by now. */
class Flow {
  private readonly text: string;
  private readonly line: number;
  private at = 0;

  constructor(text: string, line: number) {
    this.text = text;
    this.line = line;
  }

  read(): Yaml {
    const value = this.value();
    this.skip();
    if (this.at < this.text.length && this.text[this.at] !== "#")
      throw new YamlError("goes on after its end", this.line);
    return value;
  }

  private skip(): void {
    while (this.text[this.at] === " ") this.at += 1;
  }

  private value(): Yaml {
    this.skip();
    if (this.text[this.at] === "[") return this.list();
    if (this.text[this.at] === "{") return this.mapping();
    return this.word(/[,\]}]/);
  }

  private word(end: RegExp): Yaml {
    this.skip();
    const quote = this.text[this.at];
    if (quote === '"' || quote === "'") {
      const whole = withoutRest(this.text.slice(this.at), quote);
      this.at += whole.length;
      return unquoted(whole, quote);
    }
    const start = this.at;
    while (this.at < this.text.length && !end.test(this.text[this.at]!)) this.at += 1;
    return plain(this.text.slice(start, this.at).trim());
  }

  private list(): Yaml[] {
    const items: Yaml[] = [];
    this.at += 1;
    for (this.skip(); this.text[this.at] !== "]"; this.skip()) {
      items.push(this.value());
      this.separator("]");
    }
    this.at += 1;
    return items;
  }

  private mapping(): Yaml {
    const entries: Array<[string, Yaml]> = [];
    this.at += 1;
    for (this.skip(); this.text[this.at] !== "}"; this.skip()) {
      const key = String(this.word(/[:,}]/));
      this.skip();
      const given = this.text[this.at] === ":";
      if (given) this.at += 1;
      entries.push([key, given ? this.value() : null]);
      this.separator("}");
    }
    this.at += 1;
    return Object.fromEntries(entries);
  }

  private separator(end: string): void {
    this.skip();
    if (this.text[this.at] === ",") this.at += 1;
    else if (this.text[this.at] !== end) throw new YamlError(`expected , or ${end}`, this.line);
  }
}

function isItem(text: string): boolean {
  return text === "-" || text.startsWith("- ");
}

function isFlow(text: string): boolean {
  return text[0] === "[" || text[0] === "{";
}

function withoutComment(text: string): string {
  return isFlow(text) ? text : text.replace(/\s+#.*$/, "").trimEnd();
}

/** Lines of one text: an escaped end of a line joins them, an empty line between them is kept. */
function joined(text: string, line: string, quote: string): string {
  if (line === "") return `${text}\n`;
  if (quote === '"' && /(?:^|[^\\])(?:\\\\)*\\$/.test(text)) return text.slice(0, -1) + line.replace(/^\\(?= )/, "");
  return text.endsWith("\n") ? text + line : `${text} ${line}`;
}

function isClosed(text: string, quote: string): boolean {
  return (quote === '"' ? /^"(?:[^"\\]|\\[\s\S])*"/ : /^'(?:[^']|'')*'(?!')/).test(text);
}

function isBalanced(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, "");
  return (bare.match(/[[{]/g)?.length ?? 0) <= (bare.match(/[\]}]/g)?.length ?? 0);
}

function withoutRest(text: string, quote: string): string {
  return (quote === '"' ? /^"(?:[^"\\]|\\[\s\S])*"/ : /^'(?:[^']|'')*'/).exec(text)?.[0] ?? text;
}

function unquoted(text: string, quote: string): string {
  const inner = text.slice(1, -1);
  return quote === '"' ? unescaped(inner) : inner.replaceAll("''", "'");
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", 0: "\0", e: "\x1b", N: "\x85", _: "\xa0" };

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (_, two, four, eight, one) => {
      const code = two ?? four ?? eight;
      return code ? String.fromCodePoint(Number.parseInt(code, 16)) : (ESCAPES[one] ?? one);
    },
  );
}

function plain(text: string): Yaml {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return NUMBER.test(text) ? Number(text) : text;
}
