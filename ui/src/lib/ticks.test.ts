import { expect, test } from "vitest";
import { logTicks, roundTicks } from "./ticks";

test.each([
  [0, 1, 4, [0, 0.5, 1]],
  [0.912, 0.948, 4, [0.92, 0.93, 0.94]],
  [-3, 12, 3, [0, 5, 10]],
  [1e6, 1.5e6, 2, [1e6, 1.5e6]],
  [2, 2, 4, [2]],
])("from %d to %d", (low, high, count, ticks) => {
  expect(roundTicks(low, high, count)).toEqual(ticks);
});

test.each([
  [0.5, 60, [0.5, 1, 2, 5, 10, 20, 50]],
  [1e-9, 1e9, [1e-9, 1e-5, 0.1, 1e3, 1e7]],
  [3, 4, [3, 3.2, 3.4, 3.6, 3.8, 4]],
])("on a log axis from %d to %d", (low, high, ticks) => {
  expect(logTicks(low, high, 5)).toEqual(ticks);
});
