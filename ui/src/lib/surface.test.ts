import { expect, test } from "vitest";
import { convexHull, crossing, OUTSIDE, surfaceBands } from "./surface";

const corners = [
  { x: 0.25, y: 0.25 },
  { x: 0.75, y: 0.25 },
  { x: 0.75, y: 0.75 },
  { x: 0.25, y: 0.75 },
];
const size = { width: 40, height: 40, levels: 10 };

test("the hull has the outer points only, in order", () => {
  expect(convexHull([...corners, { x: 0.5, y: 0.5 }, { x: 0.5, y: 0.25 }])).toEqual([
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ]);
  expect(crossing(convexHull(corners), 0.5)).toEqual([0.25, 0.75]);
  expect(crossing(convexHull(corners), 0.8)).toBeUndefined();
});

test("nothing is drawn outside the hull, and everything inside", () => {
  const { bands } = surfaceBands(
    corners.map((corner) => ({ ...corner, z: 0.5 })),
    size,
  );
  bands.forEach((band, at) => {
    const [x, y] = [((at % 40) + 0.5) / 40, (Math.floor(at / 40) + 0.5) / 40];
    const inside = x > 0.25 && x < 0.75 && y > 0.25 && y < 0.75;
    expect(band).toBe(inside ? 5 : OUTSIDE);
  });
});

test("heights go from one measured point to the other", () => {
  const { bands } = surfaceBands(
    corners.map((corner) => ({ ...corner, z: corner.x > 0.5 ? 1 : 0 })),
    size,
  );
  const row = [...bands.slice(20 * 40 + 11, 20 * 40 + 29)];
  expect(row[0]).toBeLessThan(3);
  expect(row.at(-1)).toBeGreaterThan(6);
  expect(row).toEqual(row.toSorted((left, right) => left - right));
});

test("points on one line span no surface", () => {
  const line = [0, 0.5, 1].map((x) => ({ x, y: x, z: x }));
  expect(surfaceBands(line, size).bands.every((band) => band === OUTSIDE)).toBe(true);
});
