/** Lines of a picture: each row goes from column to column of places. */
export interface Lines {
  /** The x of each axis in pixels, rising. */
  xs: readonly number[];
  /** For each axis the y of every row in pixels. */
  ys: readonly Float64Array[];
}

/** What a picture holds at each pixel: how many lines cross it, and the sum of their outcomes. */
export interface Raster {
  width: number;
  height: number;
  counts: Float32Array;
  sums: Float32Array;
}

/**
 * Add up the lines of some rows, pixel by pixel: ten thousand lines cost as much as their length, whatever lies under them.
 *
 * A line counts in a pixel by how much of the pixel's column it covers, so edges are smooth.
 */
export function rasterLines(
  { xs, ys }: Lines,
  rows: ArrayLike<number>,
  { outcomes, width, height, thickness }: { outcomes: Float64Array; width: number; height: number; thickness: number },
): Raster {
  const raster = { width, height, counts: new Float32Array(width * height), sums: new Float32Array(width * height) };
  for (let axis = 0; axis + 1 < xs.length; axis += 1) {
    const from = Math.max(0, Math.round(xs[axis]!));
    const to = Math.min(width, Math.round(xs[axis + 1]!));
    if (to > from)
      addStretch(raster, { from, to, left: ys[axis]!, right: ys[axis + 1]!, rows, outcomes, half: thickness / 2 });
  }
  return raster;
}

interface Stretch {
  from: number;
  to: number;
  left: Float64Array;
  right: Float64Array;
  rows: ArrayLike<number>;
  outcomes: Float64Array;
  half: number;
}

function addStretch(raster: Raster, { from, to, left, right, rows, outcomes, half }: Stretch): void {
  const { width, height, counts, sums } = raster;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    const start = left[row]!;
    const slope = (right[row]! - start) / (to - from);
    const outcome = outcomes[row]!;
    const reach = half + Math.abs(slope) / 2;
    let middle = start + slope / 2;
    for (let x = from; x < to; x += 1, middle += slope) {
      const low = Math.max(0, middle - reach);
      const high = Math.min(height, middle + reach);
      const last = Math.ceil(high);
      for (let y = low | 0; y < last; y += 1) {
        const cover = (high < y + 1 ? high : y + 1) - (low > y ? low : y);
        const pixel = y * width + x;
        counts[pixel]! += cover;
        sums[pixel]! += cover * outcome;
      }
    }
  }
}

export type Rgb = readonly [number, number, number];

const STEPS = 256;

/** Colours from `stops`, evenly apart, as a table of 256. */
export function colourTable(stops: readonly Rgb[]): Uint8Array {
  const table = new Uint8Array(STEPS * 3);
  for (let step = 0; step < STEPS; step += 1) {
    const at = (step / (STEPS - 1)) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(at));
    for (let part = 0; part < 3; part += 1) {
      const [from, to] = [stops[low]![part]!, stops[low + 1]![part]!];
      table[step * 3 + part] = Math.round(from + (to - from) * (at - low));
    }
  }
  return table;
}

/** How opaque one line is among many, so that the densest places differ from each other still. */
export function lineOpacity(count: number): number {
  return Math.min(0.9, Math.max(0.035, 14 / Math.max(1, count)));
}

/** Paint a raster over pixels of four bytes: the colour is the mean outcome, from 0 to 1, the opacity the density. */
export function paintRaster(
  { counts, sums }: Raster,
  pixels: Uint8ClampedArray,
  { table, opacity }: { table: Uint8Array; opacity: number },
): void {
  const rate = Math.log(1 - opacity);
  for (let pixel = 0; pixel < counts.length; pixel += 1) {
    const count = counts[pixel]!;
    if (count === 0) continue;
    const share = Math.min(1, Math.max(0, sums[pixel]! / count));
    const step = Math.round(share * (STEPS - 1)) * 3;
    blend(pixels, pixel * 4, 1 - Math.exp(count * rate), table, step);
  }
}

/** Lay a colour over a pixel, whose alpha is not premultiplied. */
function blend(pixels: Uint8ClampedArray, at: number, alpha: number, table: Uint8Array, step: number): void {
  const under = pixels[at + 3]! / 255;
  const total = alpha + under * (1 - alpha);
  for (let part = 0; part < 3; part += 1) {
    pixels[at + part] = (table[step + part]! * alpha + pixels[at + part]! * under * (1 - alpha)) / total;
  }
  pixels[at + 3] = total * 255;
}

/** The row whose line passes nearest to a point, within `most` pixels. */
export function nearestLine(
  { xs, ys }: Lines,
  rows: ArrayLike<number>,
  { x, y, most }: { x: number; y: number; most: number },
): number | undefined {
  const right = xs.findIndex((one) => one >= x);
  const axis = right === -1 ? xs.length - 2 : Math.max(0, right - 1);
  const [start, end] = [xs[axis], xs[axis + 1]];
  if (start === undefined || end === undefined) return undefined;
  const share = Math.min(1, Math.max(0, (x - start) / (end - start)));
  let nearest: number | undefined;
  let least = most;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    const distance = Math.abs(ys[axis]![row]! * (1 - share) + ys[axis + 1]![row]! * share - y);
    if (distance <= least) {
      least = distance;
      nearest = row;
    }
  }
  return nearest;
}
