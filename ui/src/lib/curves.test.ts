import { expect, test } from "vitest";
import { axisMetric, groupByPrefix, nearest, type RawCurve, stepsWithin, toLine, zoomOf } from "./curves";

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

test("values that are not finite are counted", () => {
  expect(toLine(curve, "step", 0)).toMatchObject({ gaps: 1, unmatched: 0, scattered: false });
});

test("a curve stands on another metric where that has a value at the same step", () => {
  expect(axisMetric("metrics.a/b")).toBe("a/b");
  expect(axisMetric("step")).toBeUndefined();
  const tokens = new Map([
    [0, 5],
    [20, 7],
    [30, Number.NaN],
  ]);
  const line = toLine(curve, "metrics.tokens", 0, tokens);
  expect([[...line.xs], [...line.ys], line.unmatched, line.scattered]).toEqual([[5, 7], [4, 2], 2, false]);
});

test("where the other metric goes back and forth, points stand alone", () => {
  const back = new Map([
    [0, 9],
    [20, 7],
    [30, 8],
  ]);
  const line = toLine(curve, "metrics.tokens", 0, back);
  expect([[...line.xs], [...line.steps], line.scattered]).toEqual([[7, 8, 9], [20, 30, 0], true]);
});

test("the nearest point is found from both sides", () => {
  const xs = Float64Array.of(0, 10, 20);
  expect([-5, 4, 6, 15.1, 99].map((x) => nearest(xs, x))).toEqual([0, 0, 1, 2, 2]);
  expect(nearest(new Float64Array(), 1)).toBe(-1);
});

test("a stretch of time is read again by the steps in it and one on either side", () => {
  const steady = toLine({ ...curve, timestamps: [1000, 2000, 3000, 4000] }, "relative", 1000);
  expect(stepsWithin([steady], "relative", [0.9, 2.1])).toEqual([0, 30]);
  expect(stepsWithin([steady], "relative", [50, 60])).toEqual([30, 30]);
  expect(stepsWithin([steady], "step", [3.2, 17.9])).toEqual([3, 18]);
  expect(stepsWithin([], "wall", [3, 17])).toBeUndefined();
});

test("metrics are grouped by prefix, the machine's last", () => {
  expect(groupByPrefix(["system/cpu", "val/loss", "acc", "train/loss", "/odd", "val/top10", "val/top9"])).toEqual([
    { prefix: "", keys: ["/odd", "acc"] },
    { prefix: "train", keys: ["train/loss"] },
    { prefix: "val", keys: ["val/loss", "val/top9", "val/top10"] },
    { prefix: "system", keys: ["system/cpu"] },
  ]);
});

test("a zoom by step has room for a step at least", () => {
  expect(zoomOf("step", [499_999.09, 499_999.9])).toEqual([499_999, 500_000]);
  expect(zoomOf("step", [0.5, 1.4])).toEqual([0, 1]);
  expect(zoomOf("step", [0.5, 1.5])).toEqual([0.5, 1.5]);
  expect(zoomOf("wall", [0.5, 0.6])).toEqual([0.5, 0.6]);
  expect(zoomOf("step", undefined)).toBeUndefined();
});
