// Dataset.map: a function over all rows, whose columns are set or added.
import { Table } from "../table/table.js";
import { settings_of } from "./map_options.js";
import { run_work } from "./run_work.js";
import { rows_taken } from "./turns.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("./map_options.js").MapOptions} MapOptions */

/**
 * @param {Dataset} dataset
 * @param {Function} work
 * @param {MapOptions} options
 * @returns {Promise<{table: Table, fingerprint: string} | undefined>} the result's rows in their order;
 *   undefined: the dataset stays as it is, since there are no rows or the function returned nothing
 */
export async function map_rows(dataset, work, options) {
  const settings = settings_of(dataset, options, "map");
  if (dataset.num_rows === 0) return undefined;
  const result = await run_work(dataset, "map", work, options, settings);
  if (!result) return undefined;
  const { parts, shape, fingerprint } = result;
  const made = Table.one_after_other(parts);
  if (shape.kept.length === 0) return { table: made.select(shape.order), fingerprint };
  const rows = rows_taken(dataset.num_rows, settings);
  const stored = dataset._rows();
  const old =
    rows === dataset.num_rows
      ? stored
      : stored.taken(Int32Array.from({ length: rows }, (_, i) => i));
  return { table: old.select(shape.kept).beside(made).select(shape.order), fingerprint };
}
