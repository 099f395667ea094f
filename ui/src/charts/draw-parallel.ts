import { greyTable, valueTable } from "../lib/colour-scale";
import { lineOpacity, paintRaster, type Raster, rasterLines } from "../lib/raster";
import type { Theme } from "../lib/theme";
import type { ParallelLayout } from "./parallel-layout";

const FAINT = 0.55;
const FEW = 200;
/** Above so many lines the picture is made at one dot a pixel, whatever the screen can show. */
const MOST_FINE = 2500;

/** How many dots of the picture go on one pixel of the page. */
export function finenessFor(count: number): number {
  return count > MOST_FINE ? 1 : Math.min(2, Math.max(1, Math.round(devicePixelRatio)));
}

interface Asked {
  rows: ArrayLike<number>;
  outcomes: Float64Array;
  fineness: number;
}

/** Lines of a layout, added up at the fineness asked for. */
export function rasterOf(layout: ParallelLayout, { rows, outcomes, fineness }: Asked): Raster {
  const scaled = (values: Float64Array) => (fineness === 1 ? values : values.map((value) => value * fineness));
  const lines = { xs: layout.lines.xs.map((x) => x * fineness), ys: layout.lines.ys.map(scaled) };
  return rasterLines(lines, rows, {
    outcomes,
    width: Math.ceil(layout.width * fineness),
    height: Math.ceil(layout.height * fineness),
    thickness: (rows.length < FEW ? 1.6 : 1) * fineness,
  });
}

interface Layers {
  /** Every run, as a grey ground; undefined where all are brought forward. */
  ground: Raster | undefined;
  groundCount: number;
  /** Runs brought forward that have no outcome. */
  plain: Raster | undefined;
  plainCount: number;
  chosen: Raster;
  chosenCount: number;
}

/** Paint the layers of a picture, the ground first. */
export function paintLayers(canvas: HTMLCanvasElement, layers: Layers, theme: Theme): void {
  const { chosen, ground, plain } = layers;
  canvas.width = chosen.width;
  canvas.height = chosen.height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(chosen.width, chosen.height);
  const grey = greyTable(theme);
  if (ground?.width === chosen.width) {
    paintRaster(ground, image.data, { table: grey, opacity: lineOpacity(layers.groundCount) * FAINT });
  }
  if (plain) paintRaster(plain, image.data, { table: grey, opacity: lineOpacity(layers.plainCount) });
  paintRaster(chosen, image.data, { table: valueTable(theme), opacity: lineOpacity(layers.chosenCount) });
  context.putImageData(image, 0, 0);
}
