import { Link, useLocation } from "wouter";

/** Runs of an experiment, what they show together, or its models. */
export function ExperimentParts({ experimentId }: { experimentId: string }) {
  const [location] = useLocation();
  const runs = `/experiments/${experimentId}`;
  const parts = [
    { label: "Runs", href: runs },
    { label: "Analyse", href: `${runs}/analyse` },
    { label: "Models", href: `${runs}/models` },
  ];
  return (
    <nav className="segments" aria-label="Parts of the experiment">
      {parts.map(({ label, href }) => (
        <Link key={href} href={href} aria-current={location === href ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
