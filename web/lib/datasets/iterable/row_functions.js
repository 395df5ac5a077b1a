// What map, filter and batch of a stream do with its rows.
import { TunelabError } from "../../core/errors.js";

/** @typedef {import("./examples.js").Row} Row */
/** @typedef {AsyncGenerator<Row>} Rows */

/**
 * @typedef {object} StreamOptions
 * @property {boolean} [batched] the function takes columns of up to batch_size rows; default false: a
 *   row at a time
 * @property {number} [batch_size] default 1000
 * @property {boolean} [drop_last_batch] leaves out a last batch of fewer rows; default false
 * @property {boolean} [with_indices] passes the row number (batched: numbers) after the row
 * @property {string | readonly string[]} [input_columns] the function takes these, an argument each
 * @property {string | readonly string[]} [remove_columns] columns that the result shall not have
 * @property {Record<string, any>} [fn_kwargs] more for the function, as one object, its last argument
 */

/** @param {readonly Row[]} rows @returns {Record<string, any[]>} a row that lacks a column is null there */
export function columns_of(rows) {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries([...names].map((name) => [name, rows.map((row) => row[name] ?? null)]));
}

/** @param {Record<string, ArrayLike<any>>} columns of one length @returns {Generator<Row>} */
export function* rows_of(columns) {
  const entries = Object.entries(columns);
  const length = entries[0]?.[1].length ?? 0;
  const odd = entries.find(([, values]) => values.length !== length);
  if (odd)
    throw new TunelabError(
      `column ${odd[0]} has ${odd[1].length} rows where ${entries[0][0]} has ${length}; columns must be of one length`,
    );
  for (let row = 0; row < length; ++row) {
    /** @type {Row} */
    const made = {};
    for (const [name, values] of entries) made[name] = values[row];
    yield made;
  }
}

/**
 * Rows in lists of a size.
 * @param {Rows} rows @param {number} size @param {boolean} [drop_last] leave out a short last one
 * @returns {AsyncGenerator<Row[]>}
 */
export async function* grouped(rows, size, drop_last = false) {
  let group = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0 && !drop_last) yield group;
}

/**
 * @param {Function} work
 * @param {Record<string, any>} given a row, or columns
 * @param {any} index
 * @param {StreamOptions} options
 */
function call(work, given, index, { input_columns, with_indices, fn_kwargs }) {
  const inputs =
    input_columns === undefined ? [given] : [input_columns].flat().map((name) => given[name]);
  if (with_indices) inputs.push(index);
  if (fn_kwargs) inputs.push(fn_kwargs);
  return work(...inputs);
}

/** @param {Record<string, any>} row @param {StreamOptions} options */
function without_removed(row, { remove_columns = [] }) {
  const removed = [remove_columns].flat();
  return Object.fromEntries(Object.entries(row).filter(([name]) => !removed.includes(name)));
}

/** @param {unknown} made */
function check_made(made) {
  if (typeof made !== "object" || made === null || Array.isArray(made))
    throw new TunelabError(
      `map: the function must return an object of columns, not ${JSON.stringify(made)}`,
    );
}

/**
 * @param {Function} work @param {StreamOptions} options
 * @returns {(rows: Rows) => Rows}
 */
export function mapping(work, options) {
  const { batched = false, batch_size = 1000, drop_last_batch } = options;
  return async function* (rows) {
    let index = 0;
    if (!batched) {
      for await (const row of rows) {
        const made = await call(work, row, index++, options);
        check_made(made);
        yield { ...without_removed(row, options), ...made };
      }
      return;
    }
    for await (const group of grouped(rows, batch_size, drop_last_batch)) {
      const columns = columns_of(group);
      const numbers = group.map((_, i) => index + i);
      index += group.length;
      const made = await call(work, columns, numbers, options);
      check_made(made);
      yield* rows_of({ ...without_removed(columns, options), ...made });
    }
  };
}

/**
 * @param {Function} keep @param {StreamOptions} options
 * @returns {(rows: Rows) => Rows}
 */
export function filtering(keep, options) {
  const { batched = false, batch_size = 1000 } = options;
  return async function* (rows) {
    let index = 0;
    for await (const group of grouped(rows, batched ? batch_size : 1)) {
      const numbers = group.map((_, i) => index + i);
      index += group.length;
      const verdicts = batched
        ? await call(keep, columns_of(group), numbers, options)
        : [await call(keep, group[0], numbers[0], options)];
      for (const [i, row] of group.entries()) if (verdicts[i]) yield row;
    }
  };
}

/**
 * Rows of lists: so many rows in each.
 * @param {number} batch_size @param {boolean} drop_last_batch
 * @returns {(rows: Rows) => Rows}
 */
export function batching(batch_size, drop_last_batch) {
  return async function* (rows) {
    for await (const group of grouped(rows, batch_size, drop_last_batch)) yield columns_of(group);
  };
}
