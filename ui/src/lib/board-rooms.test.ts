import { expect, test } from "vitest";
import { stretchesOf } from "./board-layout";
import { cardsRoom, type RoomFacts, readOut, sectionRoom, sectionsRoom, singleRoom } from "./board-rooms";

const facts: RoomFacts = { width: 1200, runs: 2, lines: 2, charts: 50, row: 0, runsOf: new Map([["a/x", 1]]) };

test("a long list comes in stretches of whole rows, a short one as a whole", () => {
  expect(stretchesOf([1, 2, 3])).toEqual([{ from: 0, part: [1, 2, 3], alone: true }]);
  const long = stretchesOf(Array.from({ length: 100 }, (_, index) => index));
  expect(long.flatMap(({ part }) => part)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(long.map(({ from, part }) => [from, part.length]).at(-1)).toEqual([96, 4]);
  expect(long.every(({ alone }) => !alone)).toBe(true);
});

test("cards take the rows that they make in the width", () => {
  const one = cardsRoom(1, 50, facts);
  expect(cardsRoom(3, 50, facts)).toBe(one);
  expect(cardsRoom(4, 50, facts)).toBe(2 * one + 12);
  expect(cardsRoom(4, 50, { ...facts, width: 320 })).toBe(4 * one + 36);
  expect(cardsRoom(4, 50, { ...facts, row: 4, width: 1440 })).toBe(one);
});

test("as many lines are told as there are, with one for the rest", () => {
  expect([0, 2, 6, 7, 300].map((lines) => readOut("normal", lines))).toEqual([0, 2, 6, 7, 7]);
  expect(singleRoom(1, 1)).toBeLessThan(singleRoom(2, 2));
  expect(singleRoom(4, 9)).toBeLessThan(singleRoom(5, 9));
  expect(singleRoom(300, 300)).toBe(singleRoom(5, 9));
});

test("a section that is folded is as high as its heading", () => {
  const section = { prefix: "a", name: "a", panels: [], singles: ["a/x"] };
  expect(sectionRoom(section, false, facts)).toBeLessThan(sectionRoom(section, true, facts));
  expect(sectionsRoom([section, section], ["a"], facts)).toBe(2 * sectionRoom(section, false, facts) + 12);
});
