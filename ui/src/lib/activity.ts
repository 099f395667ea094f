import { formatDateTime, plural } from "./format";

const DAYS = 30;
const DAY = 86_400_000;

/** When the first of the last thirty days began, today being the last one, where the reader is. */
export function firstDay(now: number): number {
  const today = new Date(now).setHours(0, 0, 0, 0);
  return today - (DAYS - 1) * DAY;
}

/** Bars from 0 to 1, the busiest day the highest; a day with anything at all is told from one without. */
export function barHeights(days: readonly number[], least: number): number[] {
  const most = Math.max(1, ...days);
  return days.map((count) => (count === 0 ? 0 : Math.max(least, count / most)));
}

/** The days in words. */
export function activityInWords(days: readonly number[], since: number): string {
  const total = days.reduce((sum, count) => sum + count, 0);
  if (total === 0) return `No run in the last ${days.length} days`;
  const most = Math.max(...days);
  const when = formatDateTime(since + days.lastIndexOf(most) * DAY + DAY / 2).slice(0, 10);
  const busiest = total === 1 ? `on ${when}` : `most on ${when}: ${most}`;
  return `${plural(total, "run")} in the last ${days.length} days, ${busiest}`;
}
