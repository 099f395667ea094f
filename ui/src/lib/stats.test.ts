import { expect, test } from "vitest";
import { columnExtent, padExtent } from "./stats";

test("a column reaches from its least to its greatest finite value", () => {
  expect(columnExtent([null, 3, "NaN", -1, "Infinity"])).toEqual({ low: -1, high: 3 });
  expect(columnExtent(["-Infinity", null])).toBeUndefined();
});

test("extents have room, also where all values are equal", () => {
  expect(padExtent({ low: 5, high: 5 }, false)).toEqual({ low: 4.5, high: 5.5 });
  expect(padExtent({ low: 1, high: 100 }, true).low).toBeGreaterThan(0);
});
