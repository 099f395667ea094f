import { columnsIn, defaultRow, type Section } from "./board-layout";

/** What the height of a board's parts follows from, before they are there. */
export interface RoomFacts {
  /** The board's width in pixels. */
  width: number;
  /** Runs, and lines drawn of them: one each, or one of each group. */
  runs: number;
  lines: number;
  /** How many charts the board has, and how many stand in a row where people said. */
  charts: number;
  row: number;
  /** How many runs have a metric. */
  runsOf: ReadonlyMap<string, number>;
}

export type CardSize = "normal" | "large" | "full";

export const CHART_HEIGHT: Record<CardSize, number> = { normal: 190, large: 420, full: 560 };
export const MOST_READ_OUT: Record<CardSize, number> = { normal: 6, large: 12, full: 40 };
export const MOST_LISTED = 4;
export const FEWEST_ON_A_STRIP = 3;
/** Single values of a section that are shown at first. */
export const FIRST_SINGLES = 24;

const GAP = 12;
const HEADING = 28;
const EDGES = 16;
const CARD_HEAD = 32;
const CARD_WIDTH = 300;
const LINE = 20;
const SINGLE_HEAD = 40;
const SINGLE_WIDTH = 220;
const NUMBER = 24;
/** Dots on a line, and its ends below. */
const STRIP = 48;
const BUTTON = 28;

/** How many lines a chart's card tells below it, with one for those left out. */
export function readOut(size: CardSize, lines: number): number {
  return Math.min(lines, MOST_READ_OUT[size] + 1);
}

/** The height of a chart's card inside of its edges. */
export function cardRoom(size: CardSize, lines: number): number {
  return CARD_HEAD + CHART_HEIGHT[size] + LINE * readOut(size, lines);
}

/** The height of a metric's single values below its name; `runs` have it, of all `among` which it is shown. */
export function singleRoom(runs: number, among: number): number {
  if (among === 1) return NUMBER;
  return (runs >= FEWEST_ON_A_STRIP ? STRIP : 0) + LINE * Math.min(runs, MOST_LISTED + 1);
}

/** The height of single values in rows. */
export function singlesRoom(keys: readonly string[], { width, runs, runsOf }: RoomFacts): number {
  const highest = Math.max(0, ...keys.map((key) => singleRoom(runsOf.get(key) ?? runs, runs)));
  return rowsRoom(keys.length, columnsIn(width, SINGLE_WIDTH, keys.length, GAP), SINGLE_HEAD + highest);
}

/** The height of some charts of a section of `among` charts, in rows. */
export function cardsRoom(count: number, among: number, { width, lines, charts, row }: RoomFacts): number {
  const columns = columnsIn(width, CARD_WIDTH, row || defaultRow(among, charts), GAP);
  return rowsRoom(count, columns, EDGES + cardRoom(charts === 1 ? "large" : "normal", lines));
}

/** The height of a section with its heading. */
export function sectionRoom({ panels, singles }: Section, isOpen: boolean, facts: RoomFacts): number {
  if (!isOpen) return HEADING;
  const shown = singles.slice(0, FIRST_SINGLES);
  const more = singles.length > shown.length ? GAP + BUTTON : 0;
  const values = shown.length > 0 ? singlesRoom(shown, facts) + more + GAP : 0;
  return HEADING + values + cardsRoom(panels.length, panels.length, facts);
}

/** The height of sections below each other. */
export function sectionsRoom(sections: readonly Section[], folded: readonly string[], facts: RoomFacts): number {
  const room = (section: Section) => sectionRoom(section, !folded.includes(section.name), facts) + GAP;
  return sections.reduce((sum, section) => sum + room(section), -GAP);
}

function rowsRoom(count: number, columns: number, height: number): number {
  return Math.max(0, Math.ceil(count / columns) * (height + GAP) - GAP);
}
