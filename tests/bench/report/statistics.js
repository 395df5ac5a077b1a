// The middle and the spread of a few measurements, taken as the C programs take them.

/** @typedef {{median: number, spread: [number, number], count: number}} Summary spread: the quartiles */

/**
 * @param {number[]} values at least one
 * @returns {Summary}
 */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.floor(sorted.length * share)];
  return { median: at(0.5), spread: [at(0.25), at(0.75)], count: sorted.length };
}

/** @param {number[]} values at least one */
export const mean_of = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How far values of a sample lie from each other (n - 1 in the denominator); 0 for one value. @param {number[]} values */
export function standard_deviation(values) {
  const mean = mean_of(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

/**
 * The line value = a + b·x that fits best (least squares), and the share of the values' variance that it explains.
 * @param {[number, number][]} points x and value
 */
export function fit_line(points) {
  const mean = (/** @type {(point: [number, number]) => number} */ of) =>
    mean_of(points.map((point) => of(point)));
  const x_mean = mean(([x]) => x);
  const y_mean = mean(([, y]) => y);
  const xx = mean(([x]) => (x - x_mean) ** 2);
  const yy = mean(([, y]) => (y - y_mean) ** 2);
  const b = mean(([x, y]) => (x - x_mean) * (y - y_mean)) / xx;
  const a = y_mean - b * x_mean;
  return { a, b, r2: 1 - mean(([x, y]) => (y - a - b * x) ** 2) / yy };
}
