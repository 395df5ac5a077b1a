// Dataset.map's two ways: a function of one row, or of the columns of many.
import { TunelabError } from "../core/errors.js";

/** @typedef {import("./dataset.js").Dataset} Dataset */
/** @typedef {import("./dataset.js").Columns} Columns */
/** @typedef {import("./dataset.js").MapOptions} MapOptions */

/** @param {unknown} made */
function check_returned(made) {
  if (made instanceof Promise)
    throw new TunelabError(
      "map: the function returned a promise; it must return an object of columns at once",
    );
  if (typeof made !== "object" || made === null || Array.isArray(made))
    throw new TunelabError(
      `map: the function must return an object of columns, not ${JSON.stringify(made)}`,
    );
}

/**
 * @param {Dataset} dataset
 * @param {Columns} made
 * @param {readonly string[]} remove_columns
 * @returns {Columns} what was made, if it can stand beside the columns that stay
 */
function beside(dataset, made, remove_columns) {
  const stays = dataset.column_names.some((name) => !remove_columns.includes(name));
  const lengths = Object.values(made).map((values) => values.length);
  if (new Set([...lengths, ...(stays ? [dataset.num_rows] : [])]).size > 1)
    throw new TunelabError(
      "map: the function returned another number of rows than it was given; remove_columns must then name all old columns",
    );
  return made;
}

/**
 * @param {Dataset} dataset
 * @param {(example: any, index?: any) => Record<string, any>} work
 * @param {MapOptions} options
 * @returns {Columns}
 */
export function map_rows(dataset, work, { remove_columns = [], with_indices = false }) {
  /** @type {Columns} */
  const made = {};
  for (let row = 0; row < dataset.num_rows; ++row) {
    const result = with_indices ? work(dataset.at(row), row) : work(dataset.at(row));
    check_returned(result);
    for (const name of Object.keys(result)) made[name] ??= Array(row).fill(null);
    for (const [name, values] of Object.entries(made)) values.push(result[name] ?? null);
  }
  return beside(dataset, made, remove_columns);
}

/**
 * @param {Dataset} dataset
 * @param {(columns: any, indices?: any) => Record<string, any>} work
 * @param {MapOptions} options
 * @returns {Columns}
 */
export function map_batches(
  dataset,
  work,
  { batch_size = 1000, remove_columns = [], with_indices = false },
) {
  /** @type {Columns} */
  const made = {};
  for (let row = 0; row < dataset.num_rows; row += batch_size) {
    const batch = dataset.slice(row, row + batch_size);
    const rows = Math.min(batch_size, dataset.num_rows - row);
    const result = with_indices
      ? work(
          batch,
          Array.from({ length: rows }, (_, i) => row + i),
        )
      : work(batch);
    check_returned(result);
    for (const [name, values] of Object.entries(result)) {
      if (!values?.[Symbol.iterator] || typeof values === "string")
        throw new TunelabError(
          `map: with batched the function must return lists; ${name} is ${JSON.stringify(values)}`,
        );
      const column = (made[name] ??= []);
      for (const value of values) column.push(value);
    }
  }
  return beside(dataset, made, remove_columns);
}
