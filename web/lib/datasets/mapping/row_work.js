// A user's function on some rows of a dataset: how it is called, and what its answers become.
import { error_text, TunelabError } from "../../core/errors.js";
import { check_name } from "../table/check_name.js";

/** @typedef {Record<string, any[]>} Columns */
/** @typedef {import("./map_options.js").Settings} Settings */

/**
 * The rows of one turn.
 * @typedef {object} Turn
 * @property {number} begin counted in the whole dataset
 * @property {number} end
 * @property {Record<string, any>[]} items what the function takes: the rows, or one object of columns
 * @property {(name: string) => any[] | undefined} plain a column's values as they are stored
 */

/**
 * @callback ColumnsOf
 * @param {any[]} made the function's answers: one a row; batched: one
 * @param {Turn} turn
 * @param {Settings} settings
 * @returns {Columns | undefined} undefined: the function returned nothing
 */

/** @param {number} begin @param {number} end */
const numbers = (begin, end) => Array.from({ length: end - begin }, (_, i) => begin + i);

/**
 * The function's answer to each of its calls in a turn, awaited together if they are promises.
 * @param {Function} work
 * @param {Turn} turn
 * @param {Settings} settings
 * @param {number} rank
 * @param {string} method for messages
 * @returns {Promise<any[]>} one answer a row; batched: one
 */
export async function answers(work, turn, settings, rank, method) {
  const { begin, end, items } = turn;
  const { batched, input_columns, with_indices, with_rank, fn_kwargs, remove_columns } = settings;
  const after = [...(with_rank ? [rank] : []), ...(fn_kwargs ? [fn_kwargs] : [])];
  const made = new Array(items.length);
  let promised = false;
  let row = 0;
  try {
    for (; row < items.length; ++row) {
      const item = items[row];
      const args = input_columns ? input_columns.map((name) => item[name]) : [item];
      if (with_indices) args.push(batched ? numbers(begin, end) : begin + row);
      made[row] = work(...args, ...after);
      promised ||= typeof made[row]?.then === "function";
    }
    const done = promised ? await Promise.all(made) : made;
    return remove_columns.length === 0
      ? done
      : done.map((answer, i) => (answer === items[i] ? without(answer, remove_columns) : answer));
  } catch (error) {
    const where = promised || batched ? `rows ${begin} to ${end - 1}` : `row ${begin + row}`;
    throw failed(error, `${method}: the function failed on ${where}`);
  }
}

/**
 * A function that returns the very row it was given means the columns that stay.
 * @param {Record<string, any>} columns
 * @param {readonly string[]} removed
 */
function without(columns, removed) {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !removed.includes(name)));
}

/** @param {unknown} error @param {string} where */
function failed(error, where) {
  const status = error instanceof TunelabError ? error.status : undefined;
  return new TunelabError(`${where}: ${error_text(error)}`, status, error);
}

/** @param {any} made @param {number} row */
function check_row(made, row) {
  if (made === null || made === undefined) return;
  if (typeof made !== "object" || Array.isArray(made))
    throw new TunelabError(
      `map: the function must return an object of columns, not ${JSON.stringify(made)} (row ${row})`,
    );
}

/** @param {any} values */
const is_list = (values) =>
  Array.isArray(values) ||
  ArrayBuffer.isView(values) ||
  typeof values?.tolist === "function" ||
  typeof values?.[Symbol.iterator] === "function";

/** @param {string} name @param {any} values @returns {any[]} */
function listed(name, values) {
  if (typeof values === "string" || !is_list(values))
    throw new TunelabError(
      `map: with batched the function must return lists; ${name} is ${JSON.stringify(values)}`,
    );
  if (Array.isArray(values)) return values;
  return typeof values.tolist === "function" ? values.tolist() : [...values];
}

/**
 * The answers of rows as columns. Where a row's answer lacks a key, it keeps its old value, or has
 * none.
 * @param {any[]} made
 * @param {Turn} turn
 * @returns {Columns | undefined} undefined: the function returned nothing
 */
function columns_of_rows(made, { begin, plain }) {
  made.forEach((each, i) => check_row(each, begin + i));
  const nothing = made.filter((each) => each === null || each === undefined).length;
  if (nothing === made.length) return undefined;
  if (nothing > 0)
    throw new TunelabError(
      `map: the function returned nothing for row ${begin + made.findIndex((each) => !each)}, but columns for others`,
    );
  /** @type {Columns} */
  const columns = {};
  for (let row = 0; row < made.length; ++row)
    for (const name of Object.keys(made[row])) {
      if (!Object.hasOwn(columns, name)) {
        check_name(name);
        columns[name] = plain(name)?.slice() ?? new Array(made.length).fill(null);
      }
      columns[name][row] = made[row][name] ?? null;
    }
  return columns;
}

/**
 * The columns that a turn's answers make.
 * @param {any[]} made
 * @param {Turn} turn
 * @param {Settings} settings
 * @returns {Columns | undefined} undefined: the function returned nothing, the rows stay as they are
 * @throws {TunelabError} for answers that are no columns, or of differing lengths
 */
function made_columns(made, turn, { batched }) {
  if (!batched) return columns_of_rows(made, turn);
  check_row(made[0], turn.begin);
  if (made[0] === null || made[0] === undefined) return undefined;
  /** @type {Columns} */
  const columns = {};
  for (const [name, values] of Object.entries(made[0])) {
    check_name(name);
    columns[name] =
      values === turn.items[0][name] ? (turn.plain(name) ?? []) : listed(name, values);
  }
  const [first, ...others] = Object.keys(columns);
  const odd = others.find((name) => columns[name].length !== columns[first].length);
  if (odd !== undefined)
    throw new TunelabError(
      `map: the function returned ${columns[odd].length} rows of ${odd}, but ${columns[first].length} of ${first} ` +
        `(rows ${turn.begin} to ${turn.end - 1})`,
    );
  return columns;
}

/**
 * The numbers of the rows that stay, as the one column of what is kept.
 * @type {ColumnsOf}
 */
function kept_rows(made, { begin, end }, { batched }) {
  const verdicts = batched ? made[0] : made;
  if (
    !verdicts?.[Symbol.iterator] ||
    typeof verdicts === "string" ||
    verdicts.length !== end - begin
  )
    throw new TunelabError(
      `filter: with batched the function must return a list of ${end - begin} booleans for rows ${begin} to ${end - 1}, ` +
        `not ${JSON.stringify(verdicts)?.slice(0, 80)}`,
    );
  const indices = [];
  let row = begin;
  for (const verdict of verdicts) {
    if (verdict) indices.push(row);
    ++row;
  }
  return { indices };
}

/** How each method turns the function's answers into columns. @type {Record<"map" | "filter", ColumnsOf>} */
export const COLUMNS_OF = { map: made_columns, filter: kept_rows };
