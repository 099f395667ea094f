import { expect, test } from "vitest";
import {
  countNotPositive,
  extentX,
  extentY,
  groupByPrefix,
  isSingleValue,
  nearest,
  padExtent,
  type RawCurve,
  stepsWithin,
  toLine,
} from "./curves";

const curve: RawCurve = {
  run_id: "r",
  key: "loss",
  count: 5,
  steps: [0, 10, 20, 30],
  timestamps: [1000, 2000, 4000, 3000],
  values: [4, "NaN", 2, -1],
};

test("a curve stands on steps, on time from the run's start, or on the clock", () => {
  expect([...toLine(curve, "step", 1000).xs]).toEqual([0, 10, 20, 30]);
  expect([...toLine(curve, "relative", 1000).xs]).toEqual([0, 1, 2, 3]);
  expect([...toLine(curve, "wall", 1000).xs]).toEqual([1, 2, 3, 4]);
});

test("points out of order in time are put in order, values with them", () => {
  expect([...toLine(curve, "relative", 1000).ys]).toEqual([4, Number.NaN, -1, 2]);
});

test("values that are not finite are counted, not drawn", () => {
  const line = toLine(curve, "step", 0);
  expect(line.gaps).toBe(1);
  expect(extentY([line], { low: 0, high: 30 }, false)).toEqual({ low: -1, high: 4 });
  expect(extentY([line], { low: 0, high: 30 }, true)).toEqual({ low: 2, high: 4 });
  expect(extentY([line], { low: 5, high: 15 }, false)).toBeUndefined();
  expect(countNotPositive([line])).toBe(1);
});

test("the nearest point is found from both sides", () => {
  const xs = Float64Array.of(0, 10, 20);
  expect([-5, 4, 6, 15.1, 99].map((x) => nearest(xs, x))).toEqual([0, 0, 1, 2, 2]);
  expect(nearest(new Float64Array(), 1)).toBe(-1);
});

test("extents have room, also where all values are equal", () => {
  expect(extentX([])).toBeUndefined();
  expect(padExtent({ low: 5, high: 5 }, false)).toEqual({ low: 4.5, high: 5.5 });
  const log = padExtent({ low: 1, high: 100 }, true);
  expect(log.low).toBeGreaterThan(0);
});

test("a lone value is no curve, a thinned curve is", () => {
  expect(isSingleValue({ ...curve, count: 2, values: [3, "NaN"] })).toBe(true);
  expect(isSingleValue({ ...curve, count: 2, values: [3, 4] })).toBe(false);
  expect(isSingleValue({ ...curve, count: 900, values: [3] })).toBe(false);
});

test("a stretch of time is read again by the steps in it and one on either side", () => {
  const steady = { ...curve, timestamps: [1000, 2000, 3000, 4000] };
  expect(stepsWithin([steady], "relative", [0.9, 2.1], new Map([["r", 1000]]))).toEqual([0, 30]);
  expect(stepsWithin([steady], "step", [3.2, 17.9], new Map())).toEqual([3, 18]);
});

test("metrics are grouped by prefix, the machine's last", () => {
  expect(groupByPrefix(["system/cpu", "val/loss", "acc", "train/loss", "/odd"])).toEqual([
    { prefix: "", keys: ["/odd", "acc"] },
    { prefix: "train", keys: ["train/loss"] },
    { prefix: "val", keys: ["val/loss"] },
    { prefix: "system", keys: ["system/cpu"] },
  ]);
});
