// What map and filter are asked for, checked and with defaults, under Python's names.
import { TunelabError } from "../../core/errors.js";

/** @typedef {import("../features.js").Features} Features */

/**
 * What both take.
 * @typedef {object} WorkOptions
 * @property {boolean} [batched] the function takes columns of up to batch_size rows; default false:
 *   a row at a time
 * @property {number | null} [batch_size] rows given to the function at once (batched), and written
 *   at once; default 1000; null or 0: all rows
 * @property {boolean} [with_indices] passes the row number (batched: numbers) after the row
 * @property {boolean} [with_rank] passes the worker's number after that; 0 without num_proc
 * @property {string | readonly string[]} [input_columns] the function takes these columns, an
 *   argument each, instead of a row
 * @property {Record<string, any>} [fn_kwargs] more for the function, as one object, its last
 *   argument. What is in it is part of the fingerprint
 * @property {boolean} [keep_in_memory] writes no cache file; default false
 * @property {boolean} [load_from_cache_file] whether an earlier result may be taken; default true
 * @property {string} [cache_file_name] where the result is kept; default: beside the dataset's files
 * @property {number | null} [num_proc] workers, each with a contiguous part of the rows; default: none.
 *   They get the function's text and fn_kwargs, nothing else from around it
 * @property {string} [new_fingerprint] of the result; default: of the data, function and options
 * @property {string} [desc] what progress calls it; default "Map" or "Filter"
 * @property {(event: ProgressEvent) => void} [progress_callback] after each batch
 * @property {AbortSignal} [signal] ends the work early; nothing is kept then
 */

/** @typedef {{status: "progress" | "done", name: string, loaded: number, total: number, progress: number}} ProgressEvent rows done, rows in all, percent */

/**
 * @typedef {object} OnlyMap
 * @property {string | readonly string[]} [remove_columns] columns that the result shall not have
 * @property {boolean} [drop_last_batch] leaves out a last batch of fewer than batch_size rows
 * @property {Features} [features] the types of the result; default: inferred
 */

/** @typedef {WorkOptions & OnlyMap} MapOptions */

/**
 * Options as they count.
 * @typedef {object} Settings
 * @property {boolean} batched
 * @property {number} batch_size
 * @property {boolean} with_indices
 * @property {boolean} with_rank
 * @property {string[] | undefined} input_columns
 * @property {string[]} remove_columns
 * @property {boolean} drop_last_batch
 * @property {Record<string, any> | undefined} fn_kwargs
 */

const KNOWN = new Set(
  (
    "batched batch_size with_indices with_rank input_columns fn_kwargs keep_in_memory load_from_cache_file " +
    "cache_file_name num_proc new_fingerprint desc progress_callback signal remove_columns drop_last_batch features"
  ).split(" "),
);

/**
 * @param {string | readonly string[] | undefined} names
 * @param {readonly string[]} columns
 * @param {string} what for messages
 */
function known_columns(names, columns, what) {
  const list = names === undefined ? [] : [names].flat();
  const missing = list.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new TunelabError(
      `${what} ${missing.join(", ")} not in the dataset. Current columns in the dataset: ${columns.join(", ")}`,
    );
  return list;
}

/**
 * @param {{column_names: string[], num_rows: number}} dataset
 * @param {MapOptions} options
 * @param {string} method for messages
 * @returns {Settings}
 * @throws {TunelabError} for options that are unknown, contradict each other, or name no column
 */
export function settings_of(dataset, options, method) {
  const unknown = Object.keys(options).find((name) => !KNOWN.has(name));
  if (unknown !== undefined)
    throw new TunelabError(`${method} has no option ${unknown}; it has ${[...KNOWN].join(", ")}`);
  if (options.keep_in_memory && options.cache_file_name !== undefined)
    throw new TunelabError("Please use either `keep_in_memory` or `cache_file_name` but not both.");
  const { batch_size = 1000, num_proc = null } = options;
  for (const [name, value] of Object.entries({ batch_size, num_proc }))
    if (value !== null && !(Number.isInteger(value) && value >= 0))
      throw new TunelabError(`${method}: ${name} must be a whole number, not ${value}`);
  const columns = dataset.column_names;
  return {
    batched: options.batched ?? false,
    batch_size: batch_size || Math.max(1, dataset.num_rows),
    with_indices: options.with_indices ?? false,
    with_rank: options.with_rank ?? false,
    input_columns:
      options.input_columns === undefined
        ? undefined
        : known_columns(options.input_columns, columns, "Input column"),
    remove_columns: known_columns(options.remove_columns, columns, "Column to remove"),
    drop_last_batch: options.drop_last_batch ?? false,
    fn_kwargs: options.fn_kwargs,
  };
}
