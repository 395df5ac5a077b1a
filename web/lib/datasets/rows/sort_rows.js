// The order of rows by the values of columns: stable, texts by their UTF-8 bytes, as Arrow sorts.
import { TunelabError } from "../../core/errors.js";

/** @typedef {{values: readonly any[], descending: boolean}} SortKey */

/**
 * By code points, which is the order of UTF-8 bytes: JavaScript's own order has surrogates before
 * other characters.
 * @param {string} a
 * @param {string} b
 */
function compare_texts(a, b) {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) ++at;
  if (at === end) return a.length - b.length;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  const surrogate = (/** @type {number} */ unit) => unit >= 0xd800 && unit < 0xe000;
  return surrogate(x) === surrogate(y) ? x - y : surrogate(x) ? 1 : -1;
}

/** @param {any} a @param {any} b both of one type, neither missing */
function compare(a, b) {
  if (typeof a === "string") return compare_texts(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Values that have no place in the order come last: 1 for NaN, 2 for null. @param {any} value */
const missing = (value) => (value === null ? 2 : Number.isNaN(value) ? 1 : 0);

/** @param {readonly any[]} values @param {string} name */
function check_sortable(values, name) {
  const odd = values.find((value) => value !== null && typeof value === "object");
  if (odd !== undefined && !(odd instanceof Date))
    throw new TunelabError(
      `sort: column ${name} holds lists or objects, which have no order; sort by a column of numbers or text`,
    );
}

/**
 * @param {number} rows
 * @param {readonly {name: string, values: readonly any[], descending: boolean}[]} keys the first
 *   counts most
 * @param {boolean} nulls_first
 * @returns {Int32Array} row numbers in order
 * @throws {TunelabError} for columns of lists or objects
 */
export function sorted_rows(rows, keys, nulls_first) {
  for (const { name, values } of keys) check_sortable(values, name);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const sign = nulls_first ? -1 : 1;
  return order.sort((a, b) => {
    for (const { values, descending } of keys) {
      const [x, y] = [values[a], values[b]];
      const [x_missing, y_missing] = [missing(x), missing(y)];
      if (x_missing !== y_missing) return sign * (x_missing - y_missing);
      const by_value = x_missing ? 0 : compare(x, y);
      if (by_value !== 0) return descending ? -by_value : by_value;
    }
    return a - b;
  });
}
