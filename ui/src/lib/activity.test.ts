import { expect, test } from "vitest";
import { activityInWords, barHeights, firstDay } from "./activity";

const NOON = new Date(2026, 10, 23, 12, 30).getTime();

test("thirty days end with today", () => {
  const since = firstDay(NOON);
  expect(new Date(since).getDate()).toBe(25);
  expect((NOON - since) / 86_400_000).toBeCloseTo(29.5, 1);
  expect(firstDay(NOON + 3_600_000)).toBe(since);
});

test("a bar is as high as its day was busy, and never too low to be seen", () => {
  expect(barHeights([0, 1, 100, 50], 0.1)).toEqual([0, 0.1, 1, 0.5]);
  expect(barHeights([0, 0], 0.1)).toEqual([0, 0]);
});

test("the days in words", () => {
  const days = Array.from({ length: 30 }, () => 0);
  const since = firstDay(NOON);
  expect(activityInWords(days, since)).toBe("No run in the last 30 days");
  expect(activityInWords(days.with(29, 1), since)).toBe("1 run in the last 30 days, on 2026-11-23");
  expect(activityInWords(days.with(29, 4).with(0, 2), since)).toBe("6 runs in the last 30 days, most on 2026-11-23: 4");
});
