import { memo } from "react";
import { activityInWords, barHeights } from "../../lib/activity";

const HEIGHT = 18;
const STEP = 3;
const BAR = 2;
const LEAST = 0.17;

/** Runs per day as bars in the size of a word. */
export const ActivityStrip = memo(function ActivityStrip({ days, since }: { days: number[]; since: number }) {
  const words = activityInWords(days, since);
  const bars = barHeights(days, LEAST)
    .map((share, day) => share > 0 && `M${day * STEP} ${HEIGHT}h${BAR}v${-(share * (HEIGHT - 1)).toFixed(1)}h-${BAR}z`)
    .filter(Boolean);
  return (
    <svg className="strip" viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`} role="img" aria-label={words}>
      <title>{words}</title>
      <path className="strip-ground" d={`M0 ${HEIGHT - 0.5}H${days.length * STEP}`} />
      <path d={bars.join("")} />
    </svg>
  );
});
