import { type RefObject, useEffect, useMemo } from "react";
import type { PlotAxis } from "../lib/plot-axes";
import { useTheme } from "../lib/theme";
import { finenessFor, paintLayers, rasterOf } from "./draw-parallel";
import type { ParallelLayout } from "./parallel-layout";

const NONE = new Uint32Array();

interface Picture {
  layout: ParallelLayout;
  /** How many runs there are. */
  count: number;
  /** Runs brought forward, and the axis whose places colour them. */
  rows: Uint32Array;
  outcome: PlotAxis | undefined;
  /** Whether the size of the picture is known. */
  ready: boolean;
}

/** Draw parallel coordinates on a canvas whenever they change; tells how long in the measure `assay:parallel`. */
export function useParallelPicture(canvas: RefObject<HTMLCanvasElement | null>, picture: Picture): void {
  const { layout, count, rows, outcome, ready } = picture;
  const theme = useTheme();
  const fineness = finenessFor(count);
  const whole = rows.length === count;
  const ground = useMemo(() => {
    if (whole || !ready) return undefined;
    const all = Uint32Array.from({ length: count }, (_, row) => row);
    return rasterOf(layout, { rows: all, outcomes: new Float64Array(count), fineness });
  }, [layout, count, fineness, whole, ready]);
  useEffect(() => {
    if (!canvas.current || !ready) return;
    const start = performance.now();
    const places = outcome?.choice.flipped ? outcome.places.map((place) => 1 - place) : outcome?.places;
    const known = places ? rows.filter((row) => !Number.isNaN(places[row]!)) : NONE;
    const unknown = places ? rows.filter((row) => Number.isNaN(places[row]!)) : rows;
    const plain = new Float64Array(count);
    const layers = {
      ground,
      groundCount: count,
      plain: unknown.length > 0 ? rasterOf(layout, { rows: unknown, outcomes: plain, fineness }) : undefined,
      plainCount: unknown.length,
      chosen: rasterOf(layout, { rows: known, outcomes: places ?? plain, fineness }),
      chosenCount: known.length,
    };
    paintLayers(canvas.current, layers, theme);
    performance.measure("assay:parallel", { start, end: performance.now() });
  }, [canvas, layout, count, rows, outcome, ground, fineness, theme, ready]);
}
