// A random split that keeps each class's share: scikit-learn's StratifiedShuffleSplit, draw for draw.
import { TunelabError } from "../../core/errors.js";

/** @typedef {import("../../numpy/random_generator.js").RandomGenerator} RandomGenerator */

/** @param {readonly number[]} values */
const sum = (values) => values.reduce((all, each) => all + each, 0);

/**
 * How many of each class make up a sample that is most like the whole; ties are drawn.
 * @param {readonly number[]} counts rows of each class
 * @param {number} draws rows of the sample
 * @param {RandomGenerator} generator
 */
function likeliest_counts(counts, draws, generator) {
  const whole = sum(counts);
  const exact = counts.map((count) => (draws * count) / whole);
  const found = exact.map(Math.floor);
  const remainders = exact.map((each, i) => each - found[i]);
  let missing = Math.trunc(draws - sum(found));
  const descending = [...new Set(remainders)].sort((a, b) => b - a);
  for (const remainder of missing > 0 ? descending : []) {
    const classes = remainders.flatMap((each, i) => (each === remainder ? [i] : []));
    const chosen = generator.sample(classes, Math.min(classes.length, missing));
    for (const i of chosen) found[i] += 1;
    missing -= chosen.length;
    if (missing === 0) break;
  }
  return found;
}

/**
 * @param {Iterable<number>} labels of all rows
 * @param {{train: number, test: number}} sizes
 * @param {RandomGenerator} generator
 * @param {string} column for messages
 * @returns {{train: Int32Array, test: Int32Array}} row numbers
 * @throws {TunelabError} for a class of one row, and sizes below the number of classes
 */
export function stratified_split(labels, sizes, generator, column) {
  /** @type {Map<number, number[]>} */
  const rows_by_label = new Map();
  let row = 0;
  for (const label of labels) {
    const rows = rows_by_label.get(label);
    if (rows) rows.push(row);
    else rows_by_label.set(label, [row]);
    ++row;
  }
  const classes = [...rows_by_label.keys()].sort((a, b) => a - b);
  const rows_of = classes.map((label) => /** @type {number[]} */ (rows_by_label.get(label)));
  const counts = rows_of.map((rows) => rows.length);
  if (Math.min(...counts) < 2)
    throw new TunelabError(
      `The least populated class in ${column} column has only 1 member, which is too few. The minimum number of groups for any class cannot be less than 2.`,
    );
  for (const [part, size] of Object.entries(sizes))
    if (size < classes.length)
      throw new TunelabError(
        `The ${part}_size = ${size} should be greater or equal to the number of classes = ${classes.length}`,
      );
  const for_train = likeliest_counts(counts, sizes.train, generator);
  const left = counts.map((count, i) => count - for_train[i]);
  const for_test = likeliest_counts(left, sizes.test, generator);
  /** @type {{train: number[], test: number[]}} */
  const parts = { train: [], test: [] };
  rows_of.forEach((rows, i) => {
    const order = generator.permutation(rows.length);
    const middle = for_train[i];
    for (const at of order.subarray(0, middle)) parts.train.push(rows[at]);
    for (const at of order.subarray(middle, middle + for_test[i])) parts.test.push(rows[at]);
  });
  return { train: generator.permutation(parts.train), test: generator.permutation(parts.test) };
}
