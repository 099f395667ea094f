import type { Axis } from "../lib/curves";
import { formatCount, formatDuration, formatNumber } from "../lib/format";

/** A place on an x axis as text; whole steps only. */
export function placeLabel(axis: Axis, value: number): string {
  if (axis === "relative") return value === 0 ? "0" : signedDuration(value);
  if (axis === "step") return Number.isInteger(value) ? formatCount(value) : "";
  return formatNumber(value);
}

/** Whether a tick of a log axis is 1, 2 or 5 times a power of ten; the others would crowd it. */
export function isRound(tick: number): boolean {
  return [1, 2, 5].includes(Number((tick / 10 ** Math.floor(Math.log10(tick))).toPrecision(6)));
}

function signedDuration(seconds: number): string {
  return seconds < 0 ? `−${formatDuration(-seconds * 1000)}` : formatDuration(seconds * 1000);
}
