import type { Token } from "./lines";

/** What streams of text show on a terminal, with their colours. */
export interface ConsoleText {
  lines: string[];
  /** Colours by line, as names of classes. */
  tokens: Token[][];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are steered by control characters
const CONTROL = /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]|[\x00-\x08\x0b-\x1f\x7f]/g;
const COLORS = 8;

/** A text as a terminal shows it: lines that were written over count once, colours are kept, other control is left out. */
export function settleConsole(text: string): ConsoleText {
  const style = new Style();
  const lines: string[] = [];
  const tokens: Token[][] = [];
  for (const line of text.replace(/\r+\n/g, "\n").split("\n")) {
    const read = readLine(overwritten(line), style);
    lines.push(read.text);
    tokens.push(read.tokens);
  }
  if (lines.length > 1 && lines.at(-1) === "") {
    lines.pop();
    tokens.pop();
  }
  return { lines, tokens };
}

/** What is left of a line with carriage returns: each begins it anew, over what was there. */
function overwritten(line: string): string {
  if (!line.includes("\r")) return line;
  const parts = line.split("\r").filter((part) => part !== "");
  if (line.includes("\x1b")) return parts.at(-1) ?? "";
  return parts.reduce((shown, part) => part + shown.slice(part.length), "").trimEnd();
}

function readLine(line: string, style: Style): { text: string; tokens: Token[] } {
  const tokens: Token[] = style.kind === "" ? [] : [{ start: 0, kind: style.kind }];
  let text = "";
  let at = 0;
  for (const found of line.matchAll(CONTROL)) {
    text += line.slice(at, found.index);
    at = found.index + found[0].length;
    if (found[2] !== "m") continue;
    style.apply(found[1] ?? "");
    if (tokens.at(-1)?.start === text.length) tokens.pop();
    if ((tokens.at(-1)?.kind ?? "") !== style.kind) tokens.push({ start: text.length, kind: style.kind });
  }
  return { text: text + line.slice(at), tokens };
}

/** Colour and weight as the sequences so far have set them. */
class Style {
  kind = "";
  private color = "";
  private weight = "";

  apply(codes: string): void {
    const numbers = codes.split(/[;:]/).map(Number);
    for (let at = 0; at < numbers.length; at++) at += this.applyOne(numbers, at);
    this.kind = [this.color, this.weight].filter(Boolean).join(" ");
  }

  /** Apply the code at a place; returns how many of those after it were its own. */
  private applyOne(numbers: number[], at: number): number {
    const code = numbers[at] ?? 0;
    if (code === 0) {
      this.color = "";
      this.weight = "";
    } else if (code === 1) this.weight = "ansi-bold";
    else if (code === 2) this.weight = "ansi-faint";
    else if (code === 22) this.weight = "";
    else if (code >= 30 && code < 38) this.color = `ansi-${code - 30}`;
    else if (code >= 90 && code < 98) this.color = `ansi-${code - 90}`;
    else if (code === 39) this.color = "";
    else if (code === 38 || code === 48) return this.applyExtended(code, numbers.slice(at + 1));
    return 0;
  }

  private applyExtended(code: number, numbers: number[]): number {
    const plain = numbers[0] === 5;
    const rgb = plain ? rgbOf(numbers[1] ?? 0) : [numbers[1] ?? 0, numbers[2] ?? 0, numbers[3] ?? 0];
    if (code === 38) this.color = `ansi-${nearest(rgb)}`;
    return plain ? 2 : 4;
  }
}

/** Red, green and blue of a colour of the 256. */
function rgbOf(number: number): number[] {
  if (number < 2 * COLORS) return [number & 1, (number >> 1) & 1, (number >> 2) & 1].map((bit) => bit * 255);
  if (number >= 232) return Array<number>(3).fill((number - 232) * 10 + 8);
  const cube = number - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((part) => part * 51);
}

/** The colour of the eight that comes nearest: its bits are red, green and blue. */
function nearest(rgb: number[]): number {
  const most = Math.max(...rgb);
  return rgb.reduce((bits, part, place) => bits | (part > 0.6 * most && most > 60 ? 1 << place : 0), 0);
}

/** The lines that tell why a run failed: its last traceback, or else its last words. */
export interface LastWords {
  /** The first of the lines, from 0 on. */
  from: number;
  lines: string[];
  /** The line that says it shortest. */
  headline: string;
}

const MOST_WORDS = 40;
const LAST_WORDS = 12;
const TRACEBACK = /^\s*Traceback \(most recent call last\):/;
const SAYS_ERROR =
  /^\s*[\w.]*(?:Error|Exception|Interrupt|Exit)\b|\b(?:error|fatal|panic|killed|abort\w*|out of memory)\b/i;

/** Where the text ends with the reason of a failure; undefined for an empty one. */
export function lastWords(all: readonly string[]): LastWords | undefined {
  let end = all.length;
  while (end > 0 && all[end - 1]!.trim() === "") end--;
  if (end === 0) return undefined;
  const traceback = all.slice(0, end).findLastIndex((line) => TRACEBACK.test(line));
  const from = traceback >= 0 ? Math.max(traceback, end - MOST_WORDS) : Math.max(0, end - LAST_WORDS);
  const lines = all.slice(from, end);
  return { from, lines, headline: (lines.findLast((line) => SAYS_ERROR.test(line)) ?? lines.at(-1) ?? "").trim() };
}
