import { type Cell, toNumber } from "./cells";

const FIGURES = 5;
const LARGEST_PLAIN = 1e7;
const SMALLEST_PLAIN = 1e-4;

/** A number for a table: five significant figures, integers whole, extremes as powers of ten. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < LARGEST_PLAIN) return minus(String(value));
  if (size >= LARGEST_PLAIN || size < SMALLEST_PLAIN) return minus(exponential(value));
  const digits = Math.max(0, FIGURES - 1 - Math.floor(Math.log10(size)));
  return minus(trimZeros(value.toFixed(Math.min(digits, 20))));
}

/** A number with every digit it has. */
export function formatFull(value: number): string {
  return Number.isFinite(value) ? String(value) : formatNumber(value);
}

/** A cell for a table; texts are given back as they are, nothing as an empty text. */
export function formatCell(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  const number = toNumber(cell);
  return number === undefined ? String(cell) : formatNumber(number);
}

function exponential(value: number): string {
  const [mantissa = "", exponent = ""] = value.toExponential(FIGURES - 1).split("e");
  return `${trimZeros(mantissa)}e${exponent.replace("+", "")}`;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function minus(text: string): string {
  return text.replace(/^-/, "−").replace("e-", "e−");
}

/** A count with its thousands apart: 1,000,000. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A count with its noun: "1 run", "2,510 runs". */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in milliseconds: "850 ms", "12.4 s", "3 m 20 s", "2 h 5 m", "3 d 4 h". */
export function formatDuration(span: number): string {
  if (!Number.isFinite(span) || span < 0) return "–";
  if (span < SECOND) return `${Math.round(span)} ms`;
  if (span < MINUTE) return `${trimZeros((span / SECOND).toFixed(1))} s`;
  if (span < HOUR) return twoUnits(span, MINUTE, "m", SECOND, "s");
  if (span < DAY) return twoUnits(span, HOUR, "h", MINUTE, "m");
  return twoUnits(span, DAY, "d", HOUR, "h");
}

function twoUnits(span: number, large: number, largeName: string, small: number, smallName: string): string {
  const whole = Math.floor(span / large);
  const rest = Math.floor((span % large) / small);
  return rest > 0 ? `${whole} ${largeName} ${rest} ${smallName}` : `${whole} ${largeName}`;
}

/** How long ago a time was: "now", "40 s ago", "5 m ago", "3 h ago", "12 d ago", then the date. */
export function formatAgo(time: number, now: number): string {
  const span = now - time;
  if (span < 5 * SECOND) return "now";
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s ago`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} m ago`;
  if (span < DAY) return `${Math.floor(span / HOUR)} h ago`;
  if (span < 30 * DAY) return `${Math.floor(span / DAY)} d ago`;
  return formatDateTime(time).slice(0, 10);
}

const two = (part: number): string => String(part).padStart(2, "0");

/** A time in milliseconds as local date and time: "2026-11-03 14:22:05". Independent of the browser's locale. */
export function formatDateTime(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "–";
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The first line of a Markdown text that says something, without its marks. */
export function firstLine(markdown: string): string {
  const line = markdown.split("\n").find((one) => /[\p{L}\p{N}]/u.test(one)) ?? "";
  return line
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s*(?:#{1,6}|>|[-*+])\s+/, "")
    .replace(/(\*\*|__|`|~~)(.+?)\1/g, "$2")
    .replace(/(^|[\s(])[*_](\S(?:.*?\S)?)[*_](?=[\s).,;:!?]|$)/g, "$1$2")
    .trim();
}

const UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** A size in bytes: "512 bytes", "1.4 MB". Units are powers of 1,000. */
export function formatBytes(size: number): string {
  if (size === 1) return "1 byte";
  const power = Math.min(UNITS.length - 1, size < 1000 ? 0 : Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** power;
  return `${power === 0 ? value : trimZeros(value.toPrecision(value >= 100 ? 3 : 2))} ${UNITS[power]}`;
}
