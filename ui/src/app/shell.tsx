import { type ReactNode, Suspense, useRef, useState } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { useLiveState } from "../api/live";
import { Boundary } from "../components/boundary";
import { useShownCrumbs } from "../components/crumbs";
import { Dialog } from "../components/dialog";
import { Icon } from "../components/icons";
import { useKeys } from "../components/keys";
import { Empty, SkeletonRows } from "../components/states";
import { Toasts } from "../components/toast";
import { chooseTheme, useTheme } from "../lib/theme";
import { ROUTES } from "./routes";

const KEYS: Array<[string, string]> = [
  ["/", "Filter"],
  ["?", "This list"],
  ["t", "Light or dark"],
  ["g e", "Experiments"],
  ["g m", "Models"],
  ["j k ↑ ↓", "Next and previous run"],
  ["x", "Select the run"],
  ["Shift ↑ ↓", "Select a range"],
  ["Ctrl A", "Select all runs that match"],
  ["→ ←", "Open and close a row, then cell by cell"],
  ["s", "Sort by the column of the cell"],
  ["Space", "Peek: facts of the run in a drawer"],
  ["e", "Edit name, note and tags"],
  ["h", "Hide the run from charts"],
  ["Alt → ←", "On a heading: move the column"],
  ["Shift → ←", "On a heading: wider, narrower"],
  ["Enter", "Open the run"],
  ["c", "Compare the selected runs or versions"],
  ["a", "Set an alias for the version"],
  ["← → + −", "Step and zoom of images"],
  ["Esc", "Close a layer, drop the selection"],
];

/** The frame around every page. */
export function Shell() {
  const [location] = useLocation();
  return (
    <div className="shell">
      <a className="skip-link button" href="#page">
        Skip to content
      </a>
      <TopBar />
      <main id="page" className="page" tabIndex={-1}>
        <Boundary what="This page" resetKey={location}>
          <Suspense fallback={<Waiting />}>
            <Switch>
              {ROUTES.map(({ path, page: Page }) => (
                <Route key={path} path={path}>
                  {(parameters) => (
                    <Page key={JSON.stringify(parameters)} {...(parameters as Record<string, string>)} />
                  )}
                </Route>
              ))}
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </main>
      <Toasts />
    </div>
  );
}

function Waiting() {
  return (
    <div className="page-inner">
      <SkeletonRows rows={12} />
    </div>
  );
}

function NotFound() {
  const [location] = useLocation();
  return (
    <Empty page title="There is no such page" icon="search">
      <p className="state-message">Nothing is kept at {location}.</p>
      <Link className="button" href="/">
        All experiments
      </Link>
    </Empty>
  );
}

function TopBar() {
  const theme = useTheme();
  const [help, setHelp] = useState(false);
  const turn = () => chooseTheme(theme === "dark" ? "light" : "dark");
  useKeys({ "?": () => setHelp(true), t: turn });
  useGoing();
  return (
    <header className="topbar">
      <Link className="brand" href="/" aria-label="Assay, all experiments">
        <Logo />
        <span className="brand-word">Assay</span>
      </Link>
      <Breadcrumbs />
      <Sections />
      <LiveDot />
      <div>
        <BarButton label={theme === "dark" ? "Use the light theme" : "Use the dark theme"} onClick={turn}>
          <Icon name={theme === "dark" ? "sun" : "moon"} />
        </BarButton>
        <BarButton label="Keys" onClick={() => setHelp(true)}>
          <Icon name="keyboard" />
        </BarButton>
      </div>
      {help && <KeyList onClose={() => setHelp(false)} />}
    </header>
  );
}

const SECTIONS = [
  { label: "Experiments", href: "/", icon: "flask", key: "e", within: /^\/(experiments|runs|compare|m)?(\/|$)/ },
  { label: "Models", href: "/models", icon: "cube", key: "m", within: /^\/models(\/|$)/ },
] as const;
const SECOND_KEY_WITHIN = 1500;

/** The parts of the app. */
function Sections() {
  const [location] = useLocation();
  return (
    <nav className="sections" aria-label="Main">
      {SECTIONS.map(({ label, href, icon, within }) => (
        <Link key={href} className="button quiet" href={href} aria-current={within.test(location) ? "true" : undefined}>
          <Icon name={icon} />
          <span className="section-word">{label}</span>
        </Link>
      ))}
    </nav>
  );
}

/** Two keys, one after the other, lead to a part of the app: `g m`. */
function useGoing(): void {
  const [, navigate] = useLocation();
  const begun = useRef(Number.NEGATIVE_INFINITY);
  const go = (href: string) => () => {
    if (performance.now() - begun.current <= SECOND_KEY_WITHIN) navigate(href);
    begun.current = Number.NEGATIVE_INFINITY;
  };
  const targets = Object.fromEntries(SECTIONS.map(({ key, href }) => [key, go(href)]));
  useKeys({
    ...targets,
    g: () => {
      begun.current = performance.now();
    },
  });
}

function BarButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="button quiet icon-only" aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#1F5FBF" />
      <g fill="none" stroke="#fff" strokeLinecap="round" strokeLinejoin="round" strokeWidth="3">
        <path d="M8 24 16 7l8 17" />
        <path d="M11.5 18.5c2.6-2.2 5.6 2.2 9 0" strokeWidth="2.5" />
      </g>
    </svg>
  );
}

function Breadcrumbs() {
  const crumbs = useShownCrumbs();
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      <ol>
        {crumbs.map(({ label, href }) => (
          <li key={`${href} ${label}`}>
            {href ? (
              <Link className="truncate" href={href}>
                {label}
              </Link>
            ) : (
              <span className="truncate" aria-current="page" title={label}>
                {label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

const LIVE_WORDS = { connecting: "Connecting", connected: "Live", reconnecting: "Reconnecting" };

function LiveDot() {
  const state = useLiveState();
  return (
    <span className="live" data-state={state} role="status" title="Whether changes on the server show by themselves">
      <span className="live-dot" aria-hidden="true" />
      <span className={state === "reconnecting" ? "" : "live-word"}>{LIVE_WORDS[state]}</span>
    </span>
  );
}

function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={keys} className="keys-row">
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key} className="kbd">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
