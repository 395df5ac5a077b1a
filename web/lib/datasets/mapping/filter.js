// Dataset.filter: the rows for which a function is true, by their numbers; nothing is copied.
import { TunelabError } from "../../core/errors.js";
import { settings_of } from "./map_options.js";
import { run_work } from "./run_work.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("./map_options.js").WorkOptions} WorkOptions */

/**
 * The numbers of the rows that stay, as the one column of what is kept.
 * @type {import("./run_work.js").ColumnsOf}
 */
export function kept_rows(made, { begin, end }, { batched }) {
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
  const result = await run_work(dataset, "filter", keep, options, all_removed, kept_rows);
  if (!result) return undefined;
  const columns = result.parts.map((part) =>
    part.has("indices") ? part.column("indices").slice(0, part.num_rows) : [],
  );
  return { rows: Int32Array.from(columns.flat()), fingerprint: result.fingerprint };
}
