// A dataset's rows as files and as plain values.
import { DatasetColumns } from "./dataset_columns.js";
import { parquet_rows } from "./saving/parquet_rows.js";
import { save_bytes } from "./saving/save_bytes.js";
import { save_table } from "./saving/table_folder.js";
import { csv_rows, json_rows } from "./saving/text_rows.js";

/** @typedef {import("./saving/save_bytes.js").Target} Target */

export class DatasetSaving extends DatasetColumns {
  /**
   * As CSV: floats show their point, dates are as pandas writes them (UTC), null is an empty cell, lists and dicts
   * are JSON.
   * @param {Target} path_or_buf
   * @param {import("./saving/text_rows.js").CsvSettings} [options]
   * @returns {Promise<number>} bytes written
   * @throws {TunelabError} if the file could not be written; what was there before is untouched
   */
  async to_csv(path_or_buf, options = {}) {
    return save_bytes(path_or_buf, csv_rows(this, options));
  }

  /**
   * As JSON Lines, or with {lines: false} as one list: floats show their point, dates are milliseconds since 1970.
   * @param {Target} path_or_buf
   * @param {{lines?: boolean, batch_size?: number}} [options]
   * @returns {Promise<number>} bytes written
   * @throws {TunelabError} as to_csv
   */
  async to_json(path_or_buf, options = {}) {
    return save_bytes(path_or_buf, json_rows(this, options));
  }

  /**
   * As Parquet, with the types of the columns: the datasets library reads a ClassLabel as one.
   * @param {Target} path_or_buf
   * @param {{batch_size?: number}} [options] rows of a row group; default 10,000
   * @returns {Promise<number>} bytes written
   * @throws {TunelabError} as to_csv, and for columns of types that Parquet files are not given
   */
  async to_parquet(path_or_buf, options = {}) {
    return save_bytes(path_or_buf, await parquet_rows(this, options));
  }

  /**
   * As a folder that load_from_disk reads back, in this library's own form (the datasets library reads
   * what to_parquet writes).
   * @param {string} dataset_path
   * @throws {TunelabError} if it could not be written
   */
  async save_to_disk(dataset_path) {
    await save_table(dataset_path, this);
  }

  /** All rows as columns of plain values. @returns {Record<string, any[]>} */
  to_dict() {
    return this.with_format(null).slice();
  }

  /** All rows as plain objects. @returns {Record<string, any>[]} */
  to_list() {
    return [...this.with_format(null)];
  }
}
