import { expect, test } from "vitest";
import { imageAt, seriesOf, stepsOf } from "./image-series";

const name = (key: string, step: number, id: string, { sign = "+", time = 1 } = {}) =>
  `${key}${sign}step${sign}${step}${sign}timestamp${sign}${time}${sign}${id}`;

test("files of one key are one series by step, with their small versions", () => {
  const series = seriesOf([
    `${name("samples~grid", 10, "b")}.png`,
    `${name("samples~grid", 10, "b")}+compressed.webp`,
    `${name("samples~grid", 2, "a")}.png`,
    "confusion.png",
    `${name("mask", 0, "c", { sign: "%" })}.png`,
  ]);
  expect(series.map(({ key, images }) => [key, images.map(({ step }) => step)])).toEqual([
    ["mask", [0]],
    ["samples/grid", [2, 10]],
  ]);
  expect(series[1]!.images[1]!.small).toBe(`images/${name("samples~grid", 10, "b")}+compressed.webp`);
  expect(series[1]!.images[1]!.path.endsWith("+b.png")).toBe(true);
  expect(stepsOf(series)).toEqual([0, 2, 10]);
});

test("of two images at one step the later one counts", () => {
  const [series] = seriesOf([`${name("k", 1, "new", { time: 9 })}.png`, `${name("k", 1, "old", { time: 3 })}.png`]);
  expect(series!.images).toHaveLength(1);
  expect(series!.images[0]!.path).toContain("new");
});

test("between two steps stands the image of the earlier one", () => {
  const [series] = seriesOf([`${name("k", 5, "a")}.png`, `${name("k", 10, "b")}.png`]);
  expect(imageAt(series!, 4)).toBeUndefined();
  expect(imageAt(series!, 9)?.step).toBe(5);
  expect(imageAt(series!, 99)?.step).toBe(10);
});
