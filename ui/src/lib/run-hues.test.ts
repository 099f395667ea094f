import { expect, test } from "vitest";
import { assignHues } from "./colors";
import type { Frame } from "./frame";
import { huesShown } from "./run-hues";

const frameOf = (runIds: string[]): Frame => ({ runIds, columns: new Map() });
const ids = Array.from({ length: 12 }, (_, index) => `run-${index}`);

test("runs keep their looks however they are sorted, each its own", () => {
  const hues = huesShown(frameOf(ids), []);
  expect(huesShown(frameOf(ids.toReversed()), [])).toEqual(hues);
  expect(new Set([...hues.values()].map((hue) => JSON.stringify(hue))).size).toBe(12);
});

test("those selected are told apart first; too many have no looks of their own", () => {
  expect(huesShown(frameOf(ids), ["run-3", "run-1"])).toEqual(assignHues(["run-3", "run-1"]));
  expect(huesShown(frameOf(Array.from({ length: 501 }, (_, index) => String(index))), []).size).toBe(0);
});
