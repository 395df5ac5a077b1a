// Reading a dataset: rows by number, columns by name, slices and batches, in the format that is set.
import { TunelabError } from "../core/errors.js";
import { Column } from "./column.js";
import { format_from, formatter_of, PLAIN, shown_columns } from "./dataset_format.js";
import { inspect_as_text } from "./features/inspect_as_text.js";
import { Features } from "./features/features_dict.js";
import { python_list } from "./features/python_repr.js";
import { random_fingerprint } from "./fingerprint.js";
import { named_options } from "./named_options.js";

/** @typedef {import("./table/table.js").Table} Table */
/** @typedef {import("./features.js").Feature} Feature */
/** @typedef {import("./dataset_format.js").Format} Format */
/** @typedef {Record<string, any>} Row */
/** @typedef {Record<string, any[]>} Columns */

/**
 * @typedef {object} DatasetParts what a dataset is beside its table
 * @property {Int32Array | null} [indices] the table's rows that it has, in its order; null: all
 * @property {string} [fingerprint] default: a random one
 * @property {Format} [format]
 */

/** @typedef {(columns: Columns) => Record<string, any>} Transform */

/**
 * @type {ProxyHandler<DatasetView>} rows by number and columns by name, where the class has no such
 *   member
 */
const by_key = {
  get(dataset, key, receiver) {
    if (typeof key === "symbol" || key in dataset) return Reflect.get(dataset, key, receiver);
    if (/^\d+$/.test(key)) return dataset.at(Number(key));
    return dataset._table.has(key) ? dataset.column(key) : undefined;
  },
};

export class DatasetView {
  /**
   * Use load_dataset, from_dict or from_list. `dataset[7]` is row 7, `dataset["text"]` the column.
   * @param {Table} table in memory or on disk
   * @param {DatasetParts} [parts]
   */
  constructor(table, { indices = null, fingerprint = random_fingerprint(), format = PLAIN } = {}) {
    this._table = table;
    this._indices = indices;
    this._fingerprint = fingerprint;
    this._format = format;
    this.features = /** @type {Features & Record<string, Feature>} */ (
      new Features(table.features)
    );
    this.num_rows = indices ? indices.length : table.num_rows;
    return new Proxy(this, by_key);
  }

  /**
   * A dataset of the same kind.
   * @param {Table} table
   * @param {DatasetParts} parts
   * @returns {this}
   */
  _made(table, parts) {
    const Made = /** @type {any} */ (this.constructor);
    return new Made(table, { format: this._format, ...parts });
  }

  /**
   * The same rows of another table of as many rows.
   * @param {Table} table
   * @param {string} fingerprint
   */
  _with_table(table, fingerprint) {
    return this._made(table, { indices: this._indices, fingerprint });
  }

  /**
   * Another table's rows, all of them, in this dataset's place.
   * @param {Table} table
   * @param {string} [fingerprint]
   */
  _with_rows(table, fingerprint) {
    return this._made(table, { fingerprint });
  }

  /** This dataset's rows as a table; nothing is copied. */
  _rows() {
    return this._indices ? this._table.taken(this._indices) : this._table;
  }

  get length() {
    return this.num_rows;
  }

  get column_names() {
    return this._table.column_names;
  }

  get num_columns() {
    return this.column_names.length;
  }

  /** Rows and columns. @returns {[number, number]} */
  get shape() {
    return [this.num_rows, this.num_columns];
  }

  /** How it is read: {type, columns, output_all_columns}. */
  get format() {
    const { type, columns, output_all_columns } = this._format;
    return { type, columns: columns ?? this.column_names, output_all_columns };
  }

  /**
   * Row `index`; negative counts from the end. Of a list, those rows as columns.
   * @param {number | readonly number[]} index
   * @returns {Row}
   * @throws {TunelabError} for a row that is not there
   */
  at(index) {
    if (typeof index !== "number") return this._batch(this._taken(index));
    const row = this._row_number(index);
    const { transform } = this._format;
    if (transform) return first_of(transform(this.slice_plain(row, row + 1)));
    const stored = this._indices ? this._indices[row] : row;
    /** @type {Row} */
    const made = {};
    for (const name of shown_columns(this._format, this.column_names)) {
      const value = this._table.column(name).at(stored);
      const formatter = formatter_of(this._format, name);
      made[name] = formatter ? formatter.cell(value) : value;
    }
    return made;
  }

  /** @param {number} index @returns {number} from 0 on */
  _row_number(index) {
    const row = index < 0 ? index + this.num_rows : index;
    if (Number.isInteger(row) && row >= 0 && row < this.num_rows) return row;
    throw new TunelabError(`Invalid key: ${index} is out of bounds for size ${this.num_rows}`);
  }

  /** @param {Iterable<number>} indices */
  _taken(indices) {
    return this._rows().taken(Int32Array.from(indices, (index) => this._row_number(index)));
  }

  /**
   * Rows [begin, end) as columns: Python's dataset[begin:end].
   * @param {number} [begin]
   * @param {number} [end]
   * @returns {Record<string, any>} by column: arrays, or tensors where the format makes them
   */
  slice(begin, end) {
    return this._batch(this._rows(), begin, end);
  }

  /**
   * Rows as columns of plain values, whatever the format: what functions and files are given.
   * @param {number} [begin]
   * @param {number} [end]
   * @returns {Columns}
   */
  slice_plain(begin, end) {
    const rows = this._rows();
    const shown = shown_columns(this._format, this.column_names);
    const cut = shown.map((name) => [name, new Column(rows.column(name)).slice(begin, end)]);
    return Object.fromEntries(cut);
  }

  /**
   * @param {Table} rows of this dataset
   * @param {number} [begin]
   * @param {number} [end]
   * @returns {Record<string, any>}
   */
  _batch(rows, begin, end) {
    const shown = shown_columns(this._format, this.column_names);
    const cut = shown.map((name) => [name, this._column_of(rows, name).slice(begin, end)]);
    const columns = Object.fromEntries(cut);
    return this._format.transform ? this._format.transform(columns) : columns;
  }

  /** @param {Table} rows @param {string} name */
  _column_of(rows, name) {
    return new Column(rows.column(name), formatter_of(this._format, name));
  }

  /**
   * A column, read when its values are asked for.
   * @param {string} name
   * @returns {Column & Record<number, any>}
   * @throws {TunelabError} for a column that is not there
   */
  column(name) {
    return /** @type {any} */ (this._column_of(this._rows(), name));
  }

  /** A column's values whatever the format. @param {string} name */
  _plain_column(name) {
    return new Column(this._rows().column(name));
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.num_rows; ++row) yield this.at(row);
  }

  /**
   * Batches of rows as columns.
   * @param {number | {batch_size: number, drop_last_batch?: boolean}} batch_size
   * @param {{drop_last_batch?: boolean}} [options] leave out a short last batch; default false
   * @returns {Generator<Record<string, any>>}
   */
  *iter(batch_size, options) {
    const known = { method: "iter", options: "batch_size drop_last_batch" };
    const given = named_options(batch_size, "batch_size", options, known);
    if (!(Number.isInteger(given.batch_size) && given.batch_size > 0))
      throw new TunelabError(`iter: batch_size must be a number from 1 on, not ${batch_size}`);
    for (let row = 0; row < this.num_rows; row += given.batch_size) {
      const end = row + given.batch_size;
      if (end <= this.num_rows || !given.drop_last_batch) yield this.slice(row, end);
    }
  }

  /**
   * What rows and columns come as: "torch" tensors, "numpy" typed arrays, or plain values (null).
   * Changes this dataset. Without options all columns are formatted.
   * @param {string | null | {type?: string | null, columns?: readonly string[], output_all_columns?: boolean}} [type]
   * @param {{columns?: readonly string[], output_all_columns?: boolean}} [options] columns: only
   *   these are read; output_all_columns: the others too, as plain values
   * @throws {TunelabError} for formats that are none, and columns that are not there
   */
  set_format(type, options) {
    const known = { method: "set_format", options: "type columns output_all_columns" };
    const given = named_options(type, "type", options, known);
    this._format = format_from(given.type, given, this.column_names);
  }

  /** Plain values of all columns again. Changes this dataset. */
  reset_format() {
    this._format = PLAIN;
  }

  /**
   * set_format on a copy.
   * @param {Parameters<DatasetView["set_format"]>[0]} [type]
   * @param {Parameters<DatasetView["set_format"]>[1]} [options]
   * @returns {this}
   */
  with_format(type, options) {
    const made = this._with_table(this._table, this._fingerprint);
    made.set_format(type, options);
    return made;
  }

  /**
   * Rows become what a function makes of them as they are read. Changes this dataset.
   * @param {Transform | null} transform takes and returns columns of rows; null: none
   * @param {{columns?: readonly string[], output_all_columns?: boolean}} [options]
   */
  set_transform(transform, options = {}) {
    const format = format_from(null, options, this.column_names);
    if (transform) Object.assign(format, { type: "custom", transform });
    this._format = format;
  }

  /**
   * set_transform on a copy.
   * @param {Transform | null} transform
   * @param {{columns?: readonly string[], output_all_columns?: boolean}} [options]
   * @returns {this}
   */
  with_transform(transform, options) {
    const made = this._with_table(this._table, this._fingerprint);
    made.set_transform(transform, options);
    return made;
  }

  toString() {
    return `Dataset({\n    features: ${python_list(this.column_names)},\n    num_rows: ${this.num_rows}\n})`;
  }
}
inspect_as_text(DatasetView);

/** The first row of columns. @param {Record<string, any>} columns @returns {Row} */
function first_of(columns) {
  const firsts = Object.entries(columns).map(([name, values]) => [name, values[0]]);
  return Object.fromEntries(firsts);
}
