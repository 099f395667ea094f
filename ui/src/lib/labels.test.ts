import { expect, test } from "vitest";
import { cut, readable } from "./labels";

const label = (text: string, x: number, y: number, rank: number) => ({ text, x, y, rank });

test("of labels that meet, the first in rank is kept", () => {
  const labels = [
    label("@canary", 100, 50, 2),
    label("@champion", 110, 52, 0),
    label("@shadow", 300, 50, 1),
    label("@below", 110, 80, 3),
  ];
  expect([...readable(labels)].map((one) => one.text)).toEqual(["@champion", "@shadow", "@below"]);
});

test("long labels are cut", () => {
  expect(cut("@champion")).toBe("@champion");
  expect(cut(`@${"x".repeat(60)}`)).toHaveLength(22);
});
