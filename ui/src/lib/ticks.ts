/** About `count` round values from `low` to `high`, both included where they are round themselves. */
export function roundTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** About `count` values of 1, 2 or 5 times a power of ten from `low` to `high`; round ones where there are too few. */
export function logTicks(low: number, high: number, count: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const inside = (ticks: number[]) => ticks.filter((tick) => tick >= low && tick <= high);
  const powers = Array.from({ length: last - first + 1 }, (_, index) => Number(`1e${first + index}`));
  const few = inside(powers.flatMap((power) => [1, 2, 5].map((one) => Number((one * power).toPrecision(12)))));
  if (few.length < 3) return roundTicks(low, high, count);
  if (few.length <= 2 * count) return few;
  const tens = inside(powers);
  const every = Math.ceil(tens.length / count);
  return tens.filter((_, index) => index % every === 0);
}
