import { expect, test } from "vitest";
import { roundTicks } from "./ticks";

test.each([
  [0, 1, 4, [0, 0.5, 1]],
  [0.912, 0.948, 4, [0.92, 0.93, 0.94]],
  [-3, 12, 3, [0, 5, 10]],
  [1e6, 1.5e6, 2, [1e6, 1.5e6]],
  [2, 2, 4, [2]],
])("from %d to %d", (low, high, count, ticks) => {
  expect(roundTicks(low, high, count)).toEqual(ticks);
});
