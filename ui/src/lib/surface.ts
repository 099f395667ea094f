/** A measured point: its place on a unit square, and its height from 0 to 1. */
export interface SurfacePoint {
  x: number;
  y: number;
  z: number;
}

type Corner = readonly [number, number];

/** The corners of the smallest convex shape around points, counter-clockwise (Andrew's monotone chain). */
export function convexHull(points: readonly { x: number; y: number }[]): Corner[] {
  const sorted = points.map(({ x, y }): Corner => [x, y]).sort((one, two) => one[0] - two[0] || one[1] - two[1]);
  const half = (ordered: Corner[]): Corner[] => {
    const chain: Corner[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

function turn(a: Corner, b: Corner, c: Corner): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** Where a horizontal line crosses a convex shape; undefined where it does not. */
export function crossing(hull: readonly Corner[], y: number): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  hull.forEach(([x0, y0], at) => {
    const [x1, y1] = hull[(at + 1) % hull.length]!;
    if (Math.min(y0, y1) > y || Math.max(y0, y1) < y) return;
    for (const x of y0 === y1 ? [x0, x1] : [x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)]) {
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
  });
  return low < high ? [low, high] : undefined;
}

/** The band of each pixel, the first row at the top; 255 where nothing was measured around it. */
export interface Bands {
  width: number;
  height: number;
  levels: number;
  bands: Uint8Array;
}

export const OUTSIDE = 255;
const GRID = 48;
const NEAR = 0.0008;
const MOST_POINTS = 4000;

/**
 * Heights between measured points as bands of equal steps, inside their convex hull only.
 *
 * The height at a place is the mean of all points, weighted by the inverse cube of their distance.
 */
export function surfaceBands(
  all: readonly SurfacePoint[],
  { width, height, levels }: { width: number; height: number; levels: number },
): Bands {
  const bands = new Uint8Array(width * height).fill(OUTSIDE);
  const hull = convexHull(all);
  if (hull.length < 3) return { width, height, levels, bands };
  const every = Math.ceil(all.length / MOST_POINTS);
  const grid = gridOf(all.filter((_, at) => at % every === 0));
  for (let row = 0; row < height; row += 1) {
    const y = 1 - (row + 0.5) / height;
    const inside = crossing(hull, y);
    if (!inside) continue;
    const first = Math.max(0, Math.ceil(inside[0] * width - 0.5));
    const last = Math.min(width - 1, Math.floor(inside[1] * width - 0.5));
    for (let column = first; column <= last; column += 1) {
      const z = between(grid, (column + 0.5) / width, y);
      bands[row * width + column] = Math.min(levels - 1, Math.max(0, Math.floor(z * levels)));
    }
  }
  return { width, height, levels, bands };
}

function gridOf(points: readonly SurfacePoint[]): Float64Array {
  const grid = new Float64Array((GRID + 1) ** 2);
  for (let row = 0; row <= GRID; row += 1) {
    for (let column = 0; column <= GRID; column += 1) {
      let [weights, sum] = [0, 0];
      for (const { x, y, z } of points) {
        const [dx, dy] = [x - column / GRID, y - row / GRID];
        const weight = (dx * dx + dy * dy + NEAR) ** -1.5;
        weights += weight;
        sum += weight * z;
      }
      grid[row * (GRID + 1) + column] = sum / weights;
    }
  }
  return grid;
}

function between(grid: Float64Array, x: number, y: number): number {
  const [left, below] = [Math.min(GRID - 1, Math.floor(x * GRID)), Math.min(GRID - 1, Math.floor(y * GRID))];
  const [right, up] = [x * GRID - left, y * GRID - below];
  const at = (column: number, row: number) => grid[(below + row) * (GRID + 1) + left + column]!;
  const low = at(0, 0) * (1 - right) + at(1, 0) * right;
  const high = at(0, 1) * (1 - right) + at(1, 1) * right;
  return low * (1 - up) + high * up;
}
