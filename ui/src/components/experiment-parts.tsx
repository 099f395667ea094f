import { Link, useLocation } from "wouter";
import { formatSearch } from "../lib/url-state";
import { useMayGrant } from "./access";
import { Icon } from "./icons";
import { useQueryText } from "./parameters";

/**
 * Runs of an experiment, their charts, both beside each other, what they show together, or its models; and, for who may
 * grant it to others, who may do what with it.
 */
export function ExperimentParts({ experimentId }: { experimentId: string }) {
  const [location] = useLocation();
  const text = useQueryText();
  const runs = `/experiments/${experimentId}`;
  const present = location === runs ? new URLSearchParams(text) : new URLSearchParams();
  const given = present.get("view") ?? "";
  const view = given === "charts" || given === "split" ? given : "";
  const runsAs = (as: string) => runs + formatSearch({ ...Object.fromEntries(present), view: as });
  const parts = [
    { label: "Runs", href: runsAs(""), isHere: location === runs && view === "" },
    { label: "Split", href: runsAs("split"), isHere: location === runs && view === "split" },
    { label: "Charts", href: runsAs("charts"), isHere: location === runs && view === "charts" },
    { label: "Analyse", href: `${runs}/analyse`, isHere: location === `${runs}/analyse` },
    { label: "Models", href: `${runs}/models`, isHere: location === `${runs}/models` },
  ];
  const granting = `${runs}/permissions`;
  return (
    <nav className="segments" aria-label="Parts of the experiment">
      {parts.map(({ label, href, isHere }) => (
        <Link key={label} href={href} aria-current={isHere ? "page" : undefined}>
          {label}
        </Link>
      ))}
      {useMayGrant() && (
        <Link href={granting} aria-label="Permissions" aria-current={location === granting ? "page" : undefined}>
          <Icon name="lock" />
          <span className="wide-word">Permissions</span>
        </Link>
      )}
    </nav>
  );
}
