/** A saved view as far as it is looked at here. */
export interface ViewLike {
  name: string;
  address: Record<string, string>;
  is_default?: boolean;
}

/** The part of an address that names the view it was opened from. */
export const SAVED = "saved";
/** In its place: no view is meant, not the default one either. */
export const NO_VIEW = "-";

/** Parts of an address that are of the moment, and no part of a view. */
const PASSING = new Set([SAVED, "peek", "new"]);

/** What an address shows, without what is of the moment. */
export function shownBy(search: string): Record<string, string> {
  const parts = [...new URLSearchParams(search)].filter(([name, value]) => !PASSING.has(name) && value !== "");
  return Object.fromEntries(parts);
}

export function isSameAddress(left: Record<string, string>, right: Record<string, string>): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => (left[name] ?? "") === (right[name] ?? ""));
}

export interface Standing<View extends ViewLike> {
  /** The view that is shown, changed or not. */
  current: View | undefined;
  changed: boolean;
  /** The name in the address that no view has. */
  missing: string | undefined;
  /** The view to be opened instead: the one that is only named, or the default where the address says nothing. */
  opening: View | undefined;
}

/** How an address stands to the views of its experiment. */
export function standingOf<View extends ViewLike>(views: readonly View[], search: string): Standing<View> {
  const shown = shownBy(search);
  const blank = Object.keys(shown).length === 0;
  const name = new URLSearchParams(search).get(SAVED) ?? "";
  if (name === NO_VIEW) return { current: undefined, changed: false, missing: undefined, opening: undefined };
  const named = views.find((view) => view.name === name);
  const current = named ?? (name === "" ? views.find((view) => isSameAddress(view.address, shown)) : undefined);
  const opened = name === "" ? views.find((view) => view.is_default) : named;
  const opening = blank && opened && Object.keys(opened.address).length > 0 ? opened : undefined;
  return {
    current,
    changed: current !== undefined && opening === undefined && !isSameAddress(current.address, shown),
    missing: name !== "" && !named ? name : undefined,
    opening,
  };
}
