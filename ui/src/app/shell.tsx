import { type ReactNode, useState } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { useLivePaused, useLiveState } from "../api/live";
import { useIsAdmin, useSignedOut } from "../api/session";
import { BarSlot } from "../components/bar-slot";
import { Boundary } from "../components/boundary";
import { useShownCrumbs } from "../components/crumbs";
import { Dialog } from "../components/dialog";
import { Icon } from "../components/icons";
import { KeyList } from "../components/key-list";
import { useKeys, useSecondKeys } from "../components/keys";
import { Empty } from "../components/states";
import { Toasts } from "../components/toast";
import { chooseTheme, useTheme } from "../lib/theme";
import { ROUTES, SignIn } from "./routes";
import { Search } from "./search";

/** The frame around every page. */
export function Shell() {
  const [location] = useLocation();
  const signedOut = useSignedOut();
  return (
    <div className="shell">
      <a className="skip-link button" href="#page">
        Skip to content
      </a>
      <TopBar />
      <main id="page" className="page" tabIndex={-1}>
        <Boundary what="This page" resetKey={location}>
          {signedOut ? <SignIn /> : <Pages />}
        </Boundary>
      </main>
      <Toasts />
    </div>
  );
}

function Pages() {
  return (
    <Switch>
      {ROUTES.map(({ path, page: Page }) => (
        <Route key={path} path={path}>
          {(parameters) => <Page key={JSON.stringify(parameters)} {...(parameters as Record<string, string>)} />}
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function NotFound() {
  const [location] = useLocation();
  return (
    <Empty page title="There is no such page" icon="search">
      <p className="state-message">
        Nothing is kept at {location}. Press <kbd className="kbd">Ctrl</kbd> <kbd className="kbd">K</kbd> to look for
        it.
      </p>
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
      <BarSlot />
      <Sections />
      <Search />
      <LiveDot />
      <div className="bar-buttons">
        <BarButton label={theme === "dark" ? "Use the light theme" : "Use the dark theme"} onClick={turn}>
          <Icon name={theme === "dark" ? "sun" : "moon"} />
        </BarButton>
        <BarButton label="Keys" onClick={() => setHelp(true)}>
          <Icon name="keyboard" />
        </BarButton>
        <Link className="button quiet icon-only" href="/settings" aria-label="Settings" title="Settings">
          <Icon name="gear" />
        </Link>
      </div>
      {help && (
        <Dialog title="Keys" onClose={() => setHelp(false)}>
          <KeyList />
        </Dialog>
      )}
    </header>
  );
}

const SECTIONS = [
  { label: "Experiments", href: "/", icon: "flask", key: "e", within: /^\/(experiments|runs|compare|m)?(\/|$)/ },
  { label: "Models", href: "/models", icon: "cube", key: "m", within: /^\/models(\/|$)/ },
  { label: "Reports", href: "/reports", icon: "book", key: "r", within: /^\/reports(\/|$)/ },
] as const;
const ADMINISTRATION = {
  label: "Admin",
  href: "/admin/users",
  icon: "users",
  key: "a",
  within: /^\/admin(\/|$)/,
} as const;
/** Pages that have a key but no place in the bar. */
const ASIDE = { t: "/trash", s: "/settings" };

function useSections() {
  return useIsAdmin() ? [...SECTIONS, ADMINISTRATION] : SECTIONS;
}

/** The parts of the app. */
function Sections() {
  const [location] = useLocation();
  const sections = useSections();
  return (
    <nav className="sections" aria-label="Main">
      {sections.map(({ label, href, icon, within }) => (
        <Link
          key={href}
          className="button quiet"
          href={href}
          aria-current={within.test(location) ? "true" : undefined}
          aria-label={label}
          title={label}
        >
          <Icon name={icon} />
          <span className="section-word">{label}</span>
        </Link>
      ))}
    </nav>
  );
}

/** Two keys, one after the other, lead to a part of the app: `g m`; one leads back to the list that a page is of. */
function useGoing(): void {
  const [, navigate] = useLocation();
  const crumbs = useShownCrumbs();
  const sections = useSections();
  const hrefs = { ...Object.fromEntries(sections.map(({ key, href }) => [key, href])), ...ASIDE };
  useSecondKeys("g", Object.fromEntries(Object.entries(hrefs).map(([key, href]) => [key, () => navigate(href)])));
  useKeys({
    "[": () => {
      const above = crumbs.findLast(({ href }) => href !== undefined);
      if (above?.href) navigate(above.href);
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
  const paused = useLivePaused();
  const signedOut = useSignedOut();
  if (signedOut) return null;
  return (
    <span className="live" data-state={state} role="status" title="Whether changes on the server show by themselves">
      <span className="live-dot" aria-hidden="true" />
      <span className={paused || state === "reconnecting" ? "" : "live-word"}>
        {paused && state === "connected" ? "Paused" : LIVE_WORDS[state]}
      </span>
    </span>
  );
}
