// Pearson's and Spearman's correlation of numbers, as SciPy defines them.

/** @param {ArrayLike<number>} values */
function mean(values) {
  let sum = 0;
  for (let i = 0; i < values.length; ++i) sum += values[i];
  return sum / values.length;
}

/**
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y as many
 * @returns {number} -1 … 1; NaN if all of x or all of y are equal
 */
export function pearson(x, y) {
  const [mean_x, mean_y] = [mean(x), mean(y)];
  let [together, spread_x, spread_y] = [0, 0, 0];
  for (let i = 0; i < x.length; ++i) {
    const [dx, dy] = [x[i] - mean_x, y[i] - mean_y];
    together += dx * dy;
    spread_x += dx * dx;
    spread_y += dy * dy;
  }
  const found = together / Math.sqrt(spread_x * spread_y);
  return Math.max(-1, Math.min(1, found));
}

/** Places from 1 in ascending order; equal values share the mean of theirs. @param {Float64Array} values */
function ranks(values) {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const found = new Float64Array(values.length);
  for (let begin = 0; begin < order.length;) {
    let end = begin + 1;
    while (end < order.length && values[order[end]] === values[order[begin]]) ++end;
    for (let at = begin; at < end; ++at) found[order[at]] = (begin + 1 + end) / 2;
    begin = end;
  }
  return found;
}

/** Pearson's correlation of ranks. @param {Float64Array} x @param {Float64Array} y */
export const spearman = (x, y) => pearson(ranks(x), ranks(y));
