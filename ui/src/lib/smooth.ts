/**
 * An exponential moving average that starts true to the data: early values are not pulled toward zero.
 * `weight` is from 0 (as logged) to below 1. Values that are not finite stay where they are and count for nothing.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let total = 0;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      smoothed[index] = value;
      return;
    }
    sum = sum * weight + value * (1 - weight);
    total = total * weight + (1 - weight);
    smoothed[index] = sum / total;
  });
  return smoothed;
}
