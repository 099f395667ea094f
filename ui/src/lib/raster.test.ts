import { expect, test } from "vitest";
import { colourTable, lineOpacity, nearestLine, paintRaster, rasterLines } from "./raster";

const lines = { xs: [0, 10], ys: [Float64Array.of(0.5, 4.5, 0.5), Float64Array.of(0.5, 4.5, 9.5)] };
const size = { width: 10, height: 10, thickness: 1 };

test("a level line covers one pixel of each column, with its outcome", () => {
  const { counts, sums } = rasterLines(lines, [1], { ...size, outcomes: Float64Array.of(0, 0.25, 1) });
  expect([...counts.slice(40, 50)]).toEqual(new Array(10).fill(1));
  expect([...sums.slice(40, 50)]).toEqual(new Array(10).fill(0.25));
  expect(counts.reduce((sum, count) => sum + count)).toBe(10);
});

test("where lines cross, counts and outcomes add up", () => {
  const outcomes = Float64Array.of(0, 1, 0.5);
  const { counts, sums } = rasterLines(lines, [0, 0, 2], { ...size, outcomes });
  expect(counts[0]).toBeGreaterThan(2);
  expect(sums[0]! / counts[0]!).toBeGreaterThan(0);
});

test("a steep line has no gap: every row between its ends is covered", () => {
  const steep = { xs: [0, 2], ys: [Float64Array.of(0), Float64Array.of(10)] };
  const { counts } = rasterLines(steep, [0], { width: 2, height: 10, thickness: 1, outcomes: Float64Array.of(1) });
  for (let y = 0; y < 10; y += 1) expect(counts[2 * y]! + counts[2 * y + 1]!).toBeGreaterThan(0.4);
});

test("lines that leave the picture are cut, not drawn elsewhere", () => {
  const out = { xs: [0, 10], ys: [Float64Array.of(-50), Float64Array.of(50)] };
  const { counts } = rasterLines(out, [0], { ...size, outcomes: Float64Array.of(1) });
  expect(counts.every(Number.isFinite)).toBe(true);
  expect(counts[0]).toBe(0);
});

test("ten thousand lines over six axes are drawn within the budget, twice over", () => {
  const count = 10_000;
  const random = (axis: number) =>
    Float64Array.from({ length: count }, (_, row) => ((row * 7919 + axis * 104729) % 1000) * 0.3);
  const many = { xs: [0, 240, 480, 720, 960, 1200], ys: [0, 1, 2, 3, 4, 5].map(random) };
  const rows = Array.from({ length: count }, (_, row) => row);
  const outcomes = new Float64Array(count).fill(0.5);
  const begun = performance.now();
  const raster = rasterLines(many, rows, { width: 1200, height: 300, thickness: 1, outcomes });
  expect(performance.now() - begun).toBeLessThan(2000);
  expect(raster.counts.reduce((sum, one) => sum + one)).toBeGreaterThan(count * 1200 * 0.9);
});

test("colour is the mean outcome, opacity the density", () => {
  const table = colourTable([
    [0, 0, 0],
    [255, 255, 255],
  ]);
  const pixels = new Uint8ClampedArray(8);
  const raster = { width: 2, height: 1, counts: Float32Array.of(1, 8), sums: Float32Array.of(0, 8) };
  paintRaster(raster, pixels, { table, opacity: 0.5 });
  expect([...pixels]).toEqual([0, 0, 0, 128, 255, 255, 255, 254]);
});

test("one line is strong, one of ten thousand faint but there", () => {
  expect(lineOpacity(1)).toBe(0.9);
  expect(lineOpacity(10_000)).toBeGreaterThan(0.02);
});

test("the nearest line is found between axes, and none where all are far", () => {
  expect(nearestLine(lines, [0, 1, 2], { x: 5, y: 5.2, most: 3 })).toBe(2);
  expect(nearestLine(lines, [0, 1], { x: 5, y: 4, most: 3 })).toBe(1);
  expect(nearestLine(lines, [0, 1], { x: 5, y: 9, most: 3 })).toBeUndefined();
});
