// Dataset.filter: the rows for which a function is true, by their numbers; nothing is copied.
import { settings_of } from "./map_options.js";
import { run_work } from "./run_work.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("./map_options.js").WorkOptions} WorkOptions */

/**
 * @param {Dataset} dataset
 * @param {Function} keep
 * @param {WorkOptions} options
 * @returns {Promise<{rows: Int32Array, fingerprint: string} | undefined>} undefined: there are no rows
 */
export async function filter_rows(dataset, keep, options) {
  const settings = settings_of(dataset, options, "filter");
  if (dataset.num_rows === 0) return undefined;
  const all_removed = { ...settings, remove_columns: dataset.column_names };
  const result = await run_work(dataset, "filter", keep, options, all_removed);
  if (!result) return undefined;
  const columns = result.parts.map((part) =>
    part.has("indices") ? part.column("indices").slice(0, part.num_rows) : [],
  );
  return { rows: Int32Array.from(columns.flat()), fingerprint: result.fingerprint };
}
