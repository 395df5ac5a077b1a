// Python's keyword arguments: options as an object, the first of them by itself if one likes.
import { TunelabError } from "../core/errors.js";

/**
 * `shuffle({seed: 42})` and `shuffle(42)`, `train_test_split(0.1, {seed: 42})`.
 * @param {any} first the first argument: a value, an object of options, or nothing
 * @param {string} name of the first option
 * @param {Record<string, any> | undefined} rest
 * @param {{method: string, options: string}} known the method, and its options separated by spaces
 * @returns {Record<string, any>}
 * @throws {TunelabError} for an option that the method does not have: it would be overlooked
 */
export function named_options(first, name, rest, { method, options }) {
  const plain = first?.constructor === Object;
  const given = { ...(plain ? first : first === undefined ? {} : { [name]: first }), ...rest };
  const allowed = options.split(" ");
  const odd = Object.keys(given).find((each) => !allowed.includes(each));
  if (odd !== undefined)
    throw new TunelabError(`${method} has no option ${odd}; it has ${allowed.join(", ")}`);
  return given;
}
