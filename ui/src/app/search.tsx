import "../styles/bar.css";
import { type ComponentProps, type ComponentType, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useIsAdmin } from "../api/session";
import { type Crumb, useShownCrumbs } from "../components/crumbs";
import { Icon } from "../components/icons";
import { attempt } from "../components/toast";
import { type Action, parseVisited, VISITED_KEPT_AS, type Visited, withVisited } from "../lib/palette";
import { chooseTheme, currentTheme, followSystem } from "../lib/theme";

type Palette = ComponentType<ComponentProps<typeof import("../features/search/palette").default>>;

const LOADED_AFTER = 1500;

/** A page tells its name a moment after its address. */
const SETTLED_AFTER = 700;

const ACTIONS: Action[] = [
  { label: "Go to experiments", words: "home", keys: "g e", href: "/" },
  { label: "Go to models", words: "registry registered", keys: "g m", href: "/models" },
  { label: "Go to reports", keys: "g r", href: "/reports" },
  { label: "Go to trash", words: "deleted restore", keys: "g t", href: "/trash" },
  { label: "Go to settings", words: "server health version keys shortcuts", keys: "g s", href: "/settings" },
  { label: "New experiment", words: "create", href: "/?new=experiment" },
  { label: "New report", words: "create write", href: "/reports?new=report" },
  {
    label: "Light or dark theme",
    words: "switch toggle",
    keys: "t",
    run: () => chooseTheme(currentTheme() === "dark" ? "light" : "dark"),
  },
  { label: "Theme of the system", words: "follow automatic", run: followSystem },
];

const FOR_ADMINISTRATORS: Action[] = [
  { label: "Go to users", words: "administration accounts permissions", keys: "g a", href: "/admin/users" },
  { label: "Go to groups", words: "administration roles permissions", href: "/admin/groups" },
  { label: "Go to the audit log", words: "administration history who did what", href: "/admin/audit" },
];

/** The button of the search over everything; Ctrl-K opens it from anywhere. */
export function Search() {
  const [open, setOpen] = useState(false);
  const Palette = usePalette(open);
  const isAdmin = useIsAdmin();
  useVisited();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <button
        type="button"
        className="search-button"
        aria-label="Search everything"
        aria-keyshortcuts="Control+K"
        onClick={() => setOpen(true)}
      >
        <Icon name="search" />
        <span className="search-word">Search</span>
        <span className="kbd search-word search-keys" />
      </button>
      {open && Palette && (
        <Palette
          actions={isAdmin ? [...ACTIONS, ...FOR_ADMINISTRATORS] : ACTIONS}
          visited={readVisited()}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** The palette is fetched when the page has come to rest, so that it takes the first letter typed. */
function usePalette(wanted: boolean): Palette | undefined {
  const [palette, setPalette] = useState<Palette>();
  useEffect(() => {
    if (palette) return undefined;
    const load = () =>
      void attempt("The search could not be loaded", async () => {
        const { default: part } = await import("../features/search/palette");
        setPalette(() => part);
      });
    const timer = setTimeout(load, wanted ? 0 : LOADED_AFTER);
    return () => clearTimeout(timer);
  }, [palette, wanted]);
  return palette;
}

function readVisited(): Visited[] {
  return parseVisited(localStorage.getItem(VISITED_KEPT_AS)).filter((one) => one.href !== location.pathname);
}

/** Remember the pages that were looked at, in this browser. */
function useVisited(): void {
  const [path] = useLocation();
  const crumbs: Crumb[] = useShownCrumbs();
  const label = crumbs.at(-1)?.label ?? "";
  useEffect(() => {
    const timer = setTimeout(() => {
      const next = withVisited(parseVisited(localStorage.getItem(VISITED_KEPT_AS)), { href: path, label });
      localStorage.setItem(VISITED_KEPT_AS, JSON.stringify(next));
    }, SETTLED_AFTER);
    return () => clearTimeout(timer);
  }, [path, label]);
}
