import { expect, test } from "vitest";
import { smooth } from "./smooth";

test("no weight leaves the values as they were logged", () => {
  const values = Float64Array.of(1, 5, 2);
  expect(smooth(values, 0)).toBe(values);
});

test("a constant stays constant from its first value on", () => {
  for (const value of smooth(Float64Array.of(3, 3, 3), 0.9)) expect(value).toBeCloseTo(3);
});

test("NaN stays in its place and does not spread", () => {
  const smoothed = smooth(Float64Array.of(1, Number.NaN, 1), 0.5);
  expect(smoothed[1]).toBeNaN();
  expect(smoothed[2]).toBeCloseTo(1);
});
