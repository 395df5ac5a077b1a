// How long a dataset's rows are: for sampling rows of one length together, and for planning memory.
import { TunelabError } from "../core/errors.js";

/** @typedef {import("../torch/data_loader.js").MapDataset} MapDataset */

/**
 * @param {MapDataset} dataset a Dataset or a list
 * @param {string} name
 * @returns {import("../datasets/column.js").Column | undefined} a Dataset's column, if it has it
 */
function column_of(dataset, name) {
  const table = /** @type {any} */ (dataset);
  return table.column_names?.includes(name) ? table.column(name) : undefined;
}

/** @param {MapDataset} dataset @returns {number[]} tokens of each row; 0 for one without input_ids */
export function token_counts(dataset) {
  const given = column_of(dataset, "input_ids")?.lengths();
  if (given) return Array.from(given);
  return Array.from({ length: dataset.length }, (_, row) => dataset.at(row).input_ids?.length ?? 0);
}

/**
 * What a Dataset's length column says, if it has one, else the tokens of each row.
 * @param {MapDataset} dataset
 * @param {string} length_column_name
 * @returns {number[]}
 */
export function row_lengths(dataset, length_column_name) {
  const given = column_of(dataset, length_column_name);
  if (!given && !("input_ids" in dataset.at(0)))
    throw new TunelabError(
      "Can only automatically infer lengths for datasets whose items are dictionaries with an 'input_ids' key; " +
        `tokenize the dataset first, or give it a column '${length_column_name}'`,
    );
  const lengths = given?.tolist() ?? token_counts(dataset);
  const odd = lengths.findIndex((/** @type {unknown} */ length) => typeof length !== "number");
  if (odd >= 0)
    throw new TunelabError(
      `the column '${length_column_name}' must hold numbers, but row ${odd} has ${JSON.stringify(lengths[odd])}`,
    );
  return lengths;
}
