// How many rows a split into training and test leaves each: scikit-learn's rounding and refusals, as
// the datasets library has them.
import { TunelabError } from "../../core/errors.js";

/** @typedef {number | null | undefined} Size rows from 1 on, or a share below 1 */

/** @param {number} size */
const is_share = (size) => !Number.isInteger(size);

/** @param {"test_size" | "train_size"} name @param {Size} size @param {number} rows */
function check_size(name, size, rows) {
  if (size === null || size === undefined) return;
  if (typeof size !== "number" || Number.isNaN(size))
    throw new TunelabError(`Invalid value for ${name}: ${size} of type ${typeof size}`);
  if (size <= 0 || (is_share(size) ? size >= 1 : size >= rows))
    throw new TunelabError(
      `${name}=${size} should be either positive and smaller than the number of samples ${rows} or a float in the (0, 1) range`,
    );
}

/**
 * @param {number} rows
 * @param {{test_size?: Size, train_size?: Size}} sizes a share of test rows is rounded up, of
 *   training rows down; one that is not given is the rest; neither: a quarter for testing
 * @returns {{train: number, test: number}}
 * @throws {TunelabError} for sizes that are too large together, or leave no rows for training
 */
export function split_sizes(rows, { test_size, train_size }) {
  check_size("test_size", test_size, rows);
  check_size("train_size", train_size, rows);
  const for_test = test_size ?? (train_size === null || train_size === undefined ? 0.25 : null);
  const for_train = train_size ?? null;
  const count = (/** @type {number} */ size, /** @type {(x: number) => number} */ round) =>
    is_share(size) ? round(size * rows) : size;
  if (for_test !== null && for_train !== null) {
    const sum = for_test + for_train;
    if (is_share(for_test) && is_share(for_train) && sum > 1)
      throw new TunelabError(
        `The sum of test_size and train_size = ${sum}, should be in the (0, 1) range. Reduce test_size and/or train_size.`,
      );
  }
  const given_test = for_test === null ? null : count(for_test, Math.ceil);
  const given_train = for_train === null ? null : count(for_train, Math.floor);
  const train = given_train ?? rows - Number(given_test);
  const test = given_test ?? rows - train;
  if (train + test > rows)
    throw new TunelabError(
      `The sum of train_size and test_size = ${train + test}, should be smaller than the number of samples ${rows}. Reduce test_size and/or train_size.`,
    );
  if (train === 0)
    throw new TunelabError(
      `With n_samples=${rows}, test_size=${for_test ?? "None"} and train_size=${train_size ?? "None"}, the resulting train set will be empty. Adjust any of the aforementioned parameters.`,
    );
  return { train, test };
}
