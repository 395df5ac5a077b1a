// The names that someone who mistyped one may have meant: for every message that refuses an unknown name.

/**
 * Letters to change, put in, leave out or swap with their neighbour to get from one name to the other (optimal
 * string alignment).
 * @param {string} a
 * @param {string} b
 */
export function edit_distance(a, b) {
  let [before, row] = [[0], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

/**
 * Those of the known names that are so near that they may be meant, the nearest first; capitals do not count. A name
 * is near if at most two letters differ, or a third of them.
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {string[]}
 */
export function near_names(name, known) {
  const wanted = name.toLowerCase();
  return known
    .map((each) => ({ each, distance: edit_distance(wanted, each.toLowerCase()) }))
    .filter(({ each, distance }) => {
      const length = Math.min(wanted.length, each.length);
      return distance < length && distance <= Math.max(2, Math.floor(length / 3));
    })
    .sort((a, b) => a.distance - b.distance)
    .map(({ each }) => each);
}

/**
 * The nearest of the known names, however far it is.
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {string}
 */
export function nearest_name(name, known) {
  const distances = known.map((each) => edit_distance(name, each));
  return known[distances.indexOf(Math.min(...distances))];
}

/**
 * The end of a message: "; did you mean glue?", or nothing where no name is near.
 * @param {string} name
 * @param {readonly string[]} known
 */
export function did_you_mean(name, known) {
  const [near] = near_names(name, known);
  return near === undefined ? "" : `; did you mean ${near}?`;
}
