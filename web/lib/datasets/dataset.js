// Dataset: a table of rows with named, typed columns, as the `datasets` library shows it. Every method
// but those that set the format returns a new one.
import { DatasetColumns } from "./dataset_columns.js";
import { Features } from "./features/features_dict.js";
import { random_fingerprint } from "./fingerprint.js";
import { map_batches, map_rows } from "./map.js";
import { memory_table } from "./table/table_writer.js";

/** @typedef {import("./table/table.js").Table} Table */
/** @typedef {import("./features.js").Feature} Feature */
/** @typedef {import("./features.js").FeatureLike} FeatureLike */
/** @typedef {import("./dataset_view.js").Row} Row */
/** @typedef {import("./dataset_view.js").Columns} Columns */

/**
 * @typedef {object} MapOptions
 * @property {boolean} [batched] the function takes and returns columns of up to batch_size rows;
 *   default false: single rows
 * @property {number} [batch_size] default 1000
 * @property {readonly string[]} [remove_columns] columns to drop
 * @property {boolean} [with_indices] passes the row number (batched: numbers) as second argument
 */

/**
 * Rows are read by DatasetView, chosen by DatasetRows, columns by DatasetColumns: each extends the one
 * before.
 */
export class Dataset extends DatasetColumns {
  /**
   * In memory.
   * @param {Columns} columns all of one length; copied
   * @param {Record<string, FeatureLike>} [features] default: inferred
   */
  static from_dict(columns, features = {}) {
    const declared = /** @type {Record<string, Feature>} */ (Object(new Features(features)));
    return new Dataset(memory_table(columns, declared));
  }

  /**
   * In memory.
   * @param {readonly Row[]} rows a key that a row lacks is null there
   * @param {Record<string, FeatureLike>} [features]
   */
  static from_list(rows, features) {
    const names = new Set(rows.flatMap((row) => Object.keys(row)));
    const columns = Object.fromEntries(
      [...names].map((name) => [name, rows.map((row) => row[name] ?? null)]),
    );
    return Dataset.from_dict(columns, features);
  }

  /**
   * Applies `work` to every row, or with {batched: true} to columns of rows; the keys it returns
   * are set or added.
   * @param {(example: any, index?: any) => Row} work
   * @param {MapOptions} [options]
   */
  map(work, options = {}) {
    const made = options.batched ? map_batches(this, work, options) : map_rows(this, work, options);
    const table = this._with_old_types(memory_table(made));
    const { remove_columns = [] } = options;
    const kept = this._rows().select(
      this.column_names.filter((name) => !remove_columns.includes(name)),
    );
    return new Dataset(kept.beside(table), { format: this._format });
  }

  /**
   * Types that still hold after a map: a label stays a ClassLabel while its values are integers.
   * @param {Table} table
   */
  _with_old_types(table) {
    const kept = Object.entries(this.features).filter(
      ([name, old]) => table.has(name) && old.dtype === table.features[name].dtype,
    );
    return table.with_features(Object.fromEntries(kept));
  }

  /** @param {(example: Row, index: number) => boolean} keep */
  filter(keep) {
    const rows = [];
    for (let row = 0; row < this.num_rows; ++row) if (keep(this.at(row), row)) rows.push(row);
    return this._select(Int32Array.from(rows), random_fingerprint());
  }
}
