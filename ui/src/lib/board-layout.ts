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
  off: readonly string[];
  find: string;
}

export const FORMULAS = "Formulas";
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

/** All charts in sections: formulas first, then metrics by prefix; in a section those of `order` come as it says. */
export function arrange(metrics: readonly KnownMetric[], { formulas, order, off, find }: Wanted): Section[] {
  const needle = find.trim().toLowerCase();
  const left = new Set(off);
  const isShown = (id: string) => !left.has(id) && id.toLowerCase().includes(needle);
  const points = new Map(metrics.map((metric) => [metric.key, metric.points]));
  const keys = [...points.keys()].filter(isShown);
  const own = formulas.map(formulaPanel).filter(({ id }) => isShown(id));
  const sections = groupByPrefix(keys).map(({ prefix, keys: inside }) => ({
    prefix,
    panels: inOrder(inside.filter((key) => points.get(key)! > 1).map(metricPanel), order),
    singles: inside.filter((key) => points.get(key)! <= 1),
  }));
  if (own.length === 0) return sections;
  return [{ prefix: FORMULAS, panels: inOrder(own, order), singles: [] }, ...sections];
}

function inOrder(panels: Panel[], order: readonly string[]): Panel[] {
  const places = new Map(order.map((id, place) => [id, place]));
  const placeOf = ({ id }: Panel) => places.get(id) ?? order.length;
  return [...panels].sort((left, right) => placeOf(left) - placeOf(right));
}

/** The order that puts a chart at a place of its section; the order of other sections stays. */
export function moved(panels: readonly Panel[], order: readonly string[], id: string, place: number): string[] {
  const ids = panels.map((panel) => panel.id);
  const inside = new Set(ids);
  const rest = ids.filter((other) => other !== id);
  const at = Math.max(0, Math.min(rest.length, place));
  return [...order.filter((other) => !inside.has(other)), ...rest.slice(0, at), id, ...rest.slice(at)];
}

/** A list with a part put in where it is missing, and taken out where it is not. */
export function toggled(list: readonly string[], part: string): string[] {
  return list.includes(part) ? list.filter((other) => other !== part) : [...list, part];
}

/** How many charts stand beside each other where the reader has not said: few charts are large. */
export function defaultRow(panels: number, ofBoard: number): number {
  if (ofBoard === 1) return 1;
  return panels <= 2 ? 2 : 3;
}
