import { formatCount, plural } from "../../lib/format";
import type { Notes } from "./use-chart";

/** What is not in a chart, or not where it was logged: told, never hidden. */
export function Badges({ notes, groups }: { notes: Notes; groups: boolean }) {
  const { drawn, stored, odd, outside, unmatched } = notes;
  const offLog = notes.notPositive + notes.notPositiveX;
  const thinned = !groups && stored > drawn;
  return (
    <span className="chart-badges">
      {groups && stored > 0 && (
        <Note title="Every stored point counts in the means; groups are drawn by step.">
          mean of {plural(stored, "point")}
        </Note>
      )}
      {thinned && (
        <Note title="The least and the greatest value of every stretch are drawn, so no spike is lost. Drag over the chart to see every point.">
          {formatCount(drawn)} of {plural(stored, "point")}
        </Note>
      )}
      {outside > 0 && (
        <Note warn title="The y axis leaves them out.">
          {plural(outside, "point")} outside
        </Note>
      )}
      {odd > 0 && (
        <Note warn title="NaN is marked by a cross, infinite values by a triangle at the edge.">
          {thinned && "at least "}
          {formatCount(odd)} not finite
        </Note>
      )}
      {offLog > 0 && (
        <Note warn title="A log axis has no place for these values.">
          {formatCount(offLog)} ≤ 0
        </Note>
      )}
      {unmatched > 0 && (
        <Note warn title="The metric on the x axis has no value at the step of these points.">
          {formatCount(unmatched)} without x
        </Note>
      )}
    </span>
  );
}

function Note({ title, warn = false, children }: { title: string; warn?: boolean; children: React.ReactNode }) {
  return (
    <span className={warn ? "chip warn" : "chip"} title={title}>
      {children}
    </span>
  );
}
