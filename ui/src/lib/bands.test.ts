import { expect, test } from "vitest";
import { bandOf, edges, toBand } from "./bands";
import { toLine } from "./curves";

const line = (runId: string, steps: number[], values: Array<number | string>) =>
  toLine({ run_id: runId, key: "m", count: steps.length, steps, timestamps: [], values }, "step", 0);

test("a band has mean, deviation and extremes of the runs that have a finite value", () => {
  const band = bandOf([line("a", [0, 1, 2], [1, 2, 3]), line("b", [0, 2, 4], [3, "NaN", 9])]);
  expect([...band.steps]).toEqual([0, 1, 2, 4]);
  expect([...band.counts]).toEqual([2, 1, 1, 1]);
  expect([...band.means]).toEqual([2, 2, 3, 9]);
  expect(band.deviations[0]).toBeCloseTo(Math.SQRT2, 12);
  expect(band.deviations[1]).toBeNaN();
  expect([band.lows[0], band.highs[0], band.runs, band.points, band.finite]).toEqual([1, 3, 2, 6, 5]);
});

test("edges are a deviation apart from the mean, none where one run is alone, or the extremes", () => {
  const band = toBand({
    group: 0,
    runs: 2,
    points: 4,
    finite: 4,
    steps: [0, 5],
    counts: [2, 1],
    means: [2, 7],
    deviations: [0.5, null],
    lows: [1, 7],
    highs: [3, "Infinity"],
  });
  expect([...edges(band, "std").low]).toEqual([1.5, 7]);
  expect([...edges(band, "std").high]).toEqual([2.5, 7]);
  expect([...edges(band, "range").high]).toEqual([3, Number.POSITIVE_INFINITY]);
});
