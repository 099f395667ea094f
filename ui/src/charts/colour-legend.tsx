import { shareColour } from "../lib/colour-scale";
import { formatNumber } from "../lib/format";
import type { PlotAxis } from "../lib/plot-axes";
import { valueAt } from "../lib/plot-axes";
import { useTheme } from "../lib/theme";

const STOPS = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1];

/** What colours stand for: the least and the greatest value of an axis at the ends of a strip. */
export function ColourLegend({ axis }: { axis: PlotAxis | undefined }) {
  const theme = useTheme();
  if (!axis || axis.kind === "category") return null;
  const strip = `linear-gradient(to right, ${STOPS.map((stop) => shareColour(stop, theme)).join(", ")})`;
  const [low, high] = [valueAt(axis, 0), valueAt(axis, 1)];
  return (
    <span className="colour-legend">
      <span className="truncate">{axis.label}</span>
      <span className="number">{formatNumber(low)}</span>
      <span className="colour-strip" style={{ background: strip }} aria-hidden="true" />
      <span className="number">{formatNumber(high)}</span>
    </span>
  );
}
