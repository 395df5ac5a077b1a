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

/**
 * The line value = a + b·x that fits best (least squares), and the share of the values' variance that it explains.
 * @param {[number, number][]} points x and value
 */
export function fit_line(points) {
  const mean = (/** @type {(point: [number, number]) => number} */ of) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x_mean = mean(([x]) => x);
  const y_mean = mean(([, y]) => y);
  const xx = mean(([x]) => (x - x_mean) ** 2);
  const yy = mean(([, y]) => (y - y_mean) ** 2);
  const b = mean(([x, y]) => (x - x_mean) * (y - y_mean)) / xx;
  const a = y_mean - b * x_mean;
  return { a, b, r2: 1 - mean(([x, y]) => (y - a - b * x) ** 2) / yy };
}
