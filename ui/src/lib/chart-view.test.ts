import { expect, test } from "vitest";
import { countNotPositive, viewX, viewY } from "./chart-view";

const placed = (ys: number[]) => ({ xs: Float64Array.from(ys, (_, index) => index), ys: Float64Array.from(ys) });
const all = { within: { low: 0, high: 1000 }, log: false, clip: false, range: undefined };
const noisy = Array.from({ length: 300 }, (_, index) => Math.sin(index));

test("the y axis shows every value in view, with room", () => {
  const { extent, outside } = viewY([placed([4, Number.NaN, 2, -1, Number.POSITIVE_INFINITY])], all);
  expect([extent.low, extent.high, outside]).toEqual([-1.3, 4.3, 0]);
  const part = viewY([placed([4, 3, 2, -1])], { ...all, within: { low: 1, high: 2 } }).extent;
  expect([part.low < 2, part.low > 1.5, part.high > 3, part.high < 3.5]).toEqual([true, true, true, true]);
  expect(viewY([placed([4, -1, 100])], { ...all, log: true }).extent.low).toBeGreaterThan(3);
  expect(viewY([], all).extent.high).toBeGreaterThan(1);
});

test("outliers are left outside and counted, only where that is asked for", () => {
  const spiked = placed([...noisy, 900, -900, 1e6]);
  const clipped = viewY([spiked], { ...all, clip: true });
  expect(clipped.outside).toBe(3);
  expect(clipped.extent.high).toBeLessThan(4);
  expect(viewY([spiked], all)).toMatchObject({ outside: 0 });
  expect(viewY([placed(noisy)], { ...all, clip: true }).outside).toBe(0);
  expect(viewY([placed([1, 2, 1e9])], { ...all, clip: true }).outside).toBe(0);
  const powers = placed([...noisy.map((value) => 10 ** value), 1e30]);
  expect(viewY([powers], { ...all, log: true, clip: true }).outside).toBe(1);
});

test("an axis set by hand is what it is, and tells what lies outside", () => {
  const set = viewY([placed([0, 1, 2, 3])], { ...all, range: [0.5, 2] });
  expect(set).toEqual({ extent: { low: 0.5, high: 2 }, outside: 2 });
  expect(viewY([placed([1, 2])], { ...all, log: true, range: [-1, 9] }).extent.low).toBeGreaterThan(0);
});

test("the x axis shows all lines or the part zoomed to; on a log axis what is above zero", () => {
  const lines = [placed([1, 2, 3]), placed([1, 2, 3, 4, 5])];
  expect(viewX(lines, undefined, false)).toEqual({ low: 0, high: 4 });
  expect(viewX(lines, undefined, true)).toEqual({ low: 1, high: 4 });
  expect(viewX(lines, [1, 2], false)).toEqual({ low: 1, high: 2 });
  expect(viewX(lines, [-5, 2], true)).toEqual({ low: 0.2, high: 2 });
  expect(viewX([placed([7])], undefined, false)).toEqual({ low: -1, high: 1 });
  expect(viewX([placed([7])], undefined, true)).toBeUndefined();
  expect(viewX([], undefined, false)).toBeUndefined();
});

test("what a log axis has no place for is counted", () => {
  expect(countNotPositive([Float64Array.of(0, -1, 2, Number.NaN), Float64Array.of(-3)])).toBe(3);
});
