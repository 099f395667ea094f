import { dashOf, type Hue } from "../lib/colors";

/** A run's colour and dash as a short line with a dot. */
export function Swatch({ hue }: { hue: Hue | undefined }) {
  const dash = hue ? dashOf(hue).map((length) => length / 2) : [];
  return (
    <svg className={`swatch hue-${hue?.index ?? "none"}`} viewBox="0 0 14 10" aria-hidden="true">
      <path d="M0 5h14" strokeDasharray={dash.join(" ") || undefined} />
      <circle cx="7" cy="5" r="3" />
    </svg>
  );
}
