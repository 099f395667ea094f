import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const KEY = "assay.theme";
const SYSTEM = "(prefers-color-scheme: dark)";
const watchers = new Set<() => void>();

function stored(): Theme | undefined {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : undefined;
}

/** The theme chosen here; undefined while the system's is followed. */
export function useThemeChoice(): Theme | undefined {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, stored);
}

/** The theme in force: the one chosen here, or the system's. */
export function currentTheme(): Theme {
  return stored() ?? (matchMedia(SYSTEM).matches ? "dark" : "light");
}

function apply(): void {
  document.documentElement.dataset.theme = currentTheme();
  for (const watcher of watchers) watcher();
}

/** Put the theme in force, and follow the system while none was chosen. */
export function startTheme(): void {
  matchMedia(SYSTEM).addEventListener("change", apply);
  apply();
}

/** Choose a theme; a choice equal to the system's is forgotten, so that the page follows the system again. */
export function chooseTheme(theme: Theme): void {
  const system: Theme = matchMedia(SYSTEM).matches ? "dark" : "light";
  if (theme === system) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  apply();
}

/** Forget what was chosen: the page has the system's theme. */
export function followSystem(): void {
  localStorage.removeItem(KEY);
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, currentTheme);
}
