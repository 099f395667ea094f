import { useMemo } from "react";
import { useBands } from "../../api/metrics";
import { type Band, toBand } from "../../lib/bands";
import type { DrawnGroup } from "./runs";
import type { ChartRequest } from "./use-chart";

export interface BandSet {
  group: DrawnGroup;
  band: Band;
}

const NO_GROUPS: DrawnGroup[] = [];

/** One metric of groups of runs, summed up on the server; a part zoomed to is read again while it is thinned. */
export function useBandSets({ panel, groups = NO_GROUPS, drawing, buckets, enabled }: ChartRequest) {
  const { zoom } = drawing;
  const asked = useMemo(
    () => ({
      runIds: groups.flatMap((group) => group.runIds),
      groups: groups.flatMap((group, index) => group.runIds.map(() => index)),
    }),
    [groups],
  );
  const reads = enabled && groups.length > 0;
  const whole = useBands({ ...asked, metric: panel.id, buckets, enabled: reads });
  const thinned = (whole.data ?? []).some((band) => band.points > total(band.counts));
  const steps = useMemo(
    (): [number, number] | undefined => (zoom && thinned ? [Math.floor(zoom[0]), Math.ceil(zoom[1])] : undefined),
    [zoom, thinned],
  );
  const part = useBands({ ...asked, metric: panel.id, buckets, steps, enabled: reads && steps !== undefined });
  const shown = (steps ? part.data : undefined) ?? whole.data;
  const sets = useMemo(
    () =>
      (shown ?? []).flatMap((raw): BandSet[] => {
        const group = groups[raw.group];
        return group ? [{ group, band: toBand(raw) }] : [];
      }),
    [shown, groups],
  );
  const sum = (read: (band: Band) => number) => sets.reduce((all, { band }) => all + read(band), 0);
  const points = sum((band) => band.points);
  return {
    sets,
    counts: { drawn: points, stored: points, odd: points - sum((band) => band.finite), unmatched: 0 },
    pending: reads && whole.data === undefined && !whole.error,
    error: whole.data ? null : whole.error,
    retry: () => void whole.refetch(),
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
