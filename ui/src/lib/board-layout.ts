import { groupByPrefix } from "./curves";

/** A chart of a board: a metric, or a formula over metrics. */
export interface Panel {
  /** The metric's key, or the formula's text behind `f:`. */
  id: string;
  title: string;
  formula: string | undefined;
}

/** Metrics with one value a run, which are numbers rather than curves. */
export interface Section {
  prefix: string;
  name: string;
  panels: Panel[];
  singles: string[];
}

export interface KnownMetric {
  key: string;
  /** The most points that a run has. */
  points: number;
}

interface Wanted {
  formulas: readonly string[];
  order: readonly string[];
  /** Names of sections that were put elsewhere. */
  sections: readonly string[];
  off: readonly string[];
  find: string;
}

export const FORMULAS = "Formulas";
const UNNAMED = "Metrics";
const FORMULA = "f:";

export function formulaPanel(formula: string): Panel {
  return { id: FORMULA + formula, title: formula, formula };
}

export function metricPanel(key: string): Panel {
  return { id: key, title: key.slice(key.lastIndexOf("/") + 1) || key, formula: undefined };
}

/** The panel that an id names. */
export function panelOf(id: string): Panel {
  return id.startsWith(FORMULA) ? formulaPanel(id.slice(FORMULA.length)) : metricPanel(id);
}

/**
 * All charts in sections: formulas first, then metrics by prefix; sections named in `sections`, and in a section the
 * charts named in `order`, come first and as it says.
 */
export function arrange(metrics: readonly KnownMetric[], { formulas, order, sections, off, find }: Wanted): Section[] {
  const needle = find.trim().toLowerCase();
  const left = new Set(off);
  const isShown = (id: string) => !left.has(id) && id.toLowerCase().includes(needle);
  const points = new Map(metrics.map((metric) => [metric.key, metric.points]));
  const keys = [...points.keys()].filter(isShown);
  const own = formulas.map(formulaPanel).filter(({ id }) => isShown(id));
  const found = groupByPrefix(keys).map(({ prefix, keys: inside }) => ({
    prefix,
    name: prefix || UNNAMED,
    panels: inOrder(inside.filter((key) => points.get(key)! > 1).map(metricPanel), order, idOf),
    singles: inside.filter((key) => points.get(key)! <= 1),
  }));
  if (own.length > 0) {
    found.unshift({ prefix: FORMULAS, name: FORMULAS, panels: inOrder(own, order, idOf), singles: [] });
  }
  return inOrder(found, sections, ({ name }) => name);
}

const idOf = ({ id }: Panel) => id;

function inOrder<Part>(parts: readonly Part[], order: readonly string[], nameOf: (part: Part) => string): Part[] {
  const places = new Map(order.map((name, place) => [name, place]));
  const placeOf = (part: Part) => places.get(nameOf(part)) ?? order.length;
  return [...parts].sort((left, right) => placeOf(left) - placeOf(right));
}

/** The order that puts one of `ids` at a place among them: a chart in its section, or a section. The rest stays. */
export function moved(ids: readonly string[], order: readonly string[], id: string, place: number): string[] {
  const inside = new Set(ids);
  const rest = ids.filter((other) => other !== id);
  const at = Math.max(0, Math.min(rest.length, place));
  return [...order.filter((other) => !inside.has(other)), ...rest.slice(0, at), id, ...rest.slice(at)];
}

/** A list with a part put in where it is missing, and taken out where it is not. */
export function toggled(list: readonly string[], part: string): string[] {
  return list.includes(part) ? list.filter((other) => other !== part) : [...list, part];
}

/** A stretch of a long list; one alone is all of a short one. */
export interface Stretch<Item> {
  from: number;
  part: readonly Item[];
  alone: boolean;
}

const MOST_WHOLE = 36;
/** Whole rows, however many of one to four stand in a row. */
const STRETCH = 12;

/** A long list in stretches that can be shown by themselves. */
export function stretchesOf<Item>(items: readonly Item[]): Stretch<Item>[] {
  if (items.length <= MOST_WHOLE) return [{ from: 0, part: items, alone: true }];
  return Array.from({ length: Math.ceil(items.length / STRETCH) }, (_, place) => {
    const from = place * STRETCH;
    return { from, part: items.slice(from, from + STRETCH), alone: false };
  });
}

/** How many boxes stand beside each other in a grid of a width: not more than `most`, none narrower than `least`. */
export function columnsIn(width: number, least: number, most: number, gap: number): number {
  return Math.max(1, Math.min(most, Math.floor((width + gap) / (Math.min(least, width) + gap))));
}

/** How many charts stand beside each other where the reader has not said: few charts are large. */
export function defaultRow(panels: number, ofBoard: number): number {
  if (ofBoard === 1) return 1;
  return panels <= 2 ? 2 : 3;
}
