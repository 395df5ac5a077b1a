// A table of rows with named, typed columns, as the `datasets` library shows it. Every method but
// set_format returns a new one.
import { TunelabError } from "../core/errors.js";
import { Generator } from "../torch/generator.js";
import { Column } from "./column.js";
import { column_formatter } from "./dataset_format.js";
import { ClassLabel } from "./features.js";
import { Features } from "./features/features_dict.js";
import { random_fingerprint, updated_fingerprint } from "./fingerprint.js";
import { map_batches, map_rows } from "./map.js";
import { memory_table } from "./table/table_writer.js";

/** @typedef {import("./table/table.js").Table} Table */
/** @typedef {import("./features.js").Feature} Feature */
/** @typedef {import("./features.js").FeatureLike} FeatureLike */
/** @typedef {Record<string, any>} Row */
/** @typedef {Record<string, any[]>} Columns */

/**
 * @typedef {object} MapOptions
 * @property {boolean} [batched] the function takes and returns columns of up to batch_size rows;
 *   default false: single rows
 * @property {number} [batch_size] default 1000
 * @property {readonly string[]} [remove_columns] columns to drop
 * @property {boolean} [with_indices] passes the row number (batched: numbers) as second argument
 */

/**
 * @typedef {object} DatasetParts what a dataset is beside its table
 * @property {Int32Array | null} [indices] the table's rows that it has, in its order; null: all
 * @property {string} [fingerprint] default: a random one
 * @property {string | null} [format]
 */

/**
 * @type {ProxyHandler<Dataset>} rows by number and columns by name, where the class has no such
 *   member
 */
const by_key = {
  get(dataset, key, receiver) {
    if (typeof key === "symbol" || key in dataset) return Reflect.get(dataset, key, receiver);
    if (/^\d+$/.test(key)) return dataset.at(Number(key));
    return dataset._table.has(key) ? dataset.column(key) : undefined;
  },
};

export class Dataset {
  /**
   * Use load_dataset, from_dict or from_list. `dataset[7]` is row 7, `dataset["text"]` the column.
   * @param {Table} table in memory or on disk
   * @param {DatasetParts} [parts]
   */
  constructor(table, { indices = null, fingerprint = random_fingerprint(), format = null } = {}) {
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

  get length() {
    return this.num_rows;
  }

  get column_names() {
    return this._table.column_names;
  }

  /** Row `index`; negative counts from the end. @param {number} index @returns {Row} */
  at(index) {
    const row = index < 0 ? index + this.num_rows : index;
    if (!(row >= 0 && row < this.num_rows))
      throw new TunelabError(`Invalid key: ${index} is out of bounds for size ${this.num_rows}`);
    const format = column_formatter(this._format);
    const stored = this._indices ? this._indices[row] : row;
    /** @type {Row} */
    const made = {};
    for (const name of this.column_names) made[name] = format(this._table.column(name).at(stored));
    return made;
  }

  /**
   * Rows [begin, end) as columns: Python's dataset[begin:end].
   * @param {number} [begin]
   * @param {number} [end]
   * @returns {Columns}
   */
  slice(begin, end) {
    const cut = this.column_names.map((name) => [name, this.column(name).slice(begin, end)]);
    return Object.fromEntries(cut);
  }

  /** A column, read when its values are asked for. @param {string} name @returns {Column & Record<number, any>} */
  column(name) {
    const format = this._format === null ? undefined : column_formatter(this._format);
    return /** @type {any} */ (new Column(this._rows().column(name), format));
  }

  /** This dataset's rows as a table; nothing is copied. */
  _rows() {
    return this._indices ? this._table.taken(this._indices) : this._table;
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.num_rows; ++row) yield this.at(row);
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

  /** @param {Iterable<number>} indices */
  select(indices) {
    const rows = [...indices];
    const outside = rows.find((row) => !(row >= 0 && row < this.num_rows));
    if (outside !== undefined)
      throw new TunelabError(`select: index ${outside} is out of bounds for size ${this.num_rows}`);
    const taken = Int32Array.from(rows);
    return this._select(taken, updated_fingerprint(this, "select", { indices: taken }));
  }

  /**
   * Rows by number, without a copy.
   * @param {Int32Array} rows
   * @param {string} fingerprint
   */
  _select(rows, fingerprint) {
    const { _indices: before } = this;
    const indices = before ? rows.map((row) => before[row]) : rows;
    return new Dataset(this._table, { indices, fingerprint, format: this._format });
  }

  /**
   * In random order. The order is torch.randperm's for the seed; the Python library draws from
   * NumPy, so its order differs.
   * @param {{seed?: number}} [options] default seed 42
   */
  shuffle({ seed = 42 } = {}) {
    return this.select(new Generator().manual_seed(seed).randperm(this.num_rows));
  }

  /**
   * A random part for testing, the rest for training.
   * @param {{test_size?: number, seed?: number}} [options] a share below 1 or a number of rows;
   *   defaults 0.25 and 42
   * @returns {{train: Dataset, test: Dataset}}
   */
  train_test_split({ test_size = 0.25, seed = 42 } = {}) {
    const rows = test_size < 1 ? Math.ceil(this.num_rows * test_size) : test_size;
    if (!(rows > 0 && rows < this.num_rows))
      throw new TunelabError(
        `train_test_split: test_size ${test_size} leaves a part of ${this.num_rows} rows empty`,
      );
    const order = [...new Generator().manual_seed(seed).randperm(this.num_rows)];
    return { train: this.select(order.slice(rows)), test: this.select(order.slice(0, rows)) };
  }

  /** @param {string | readonly string[]} names */
  remove_columns(names) {
    const dropped = [names].flat();
    for (const name of dropped) this._table.column(name);
    const left = this.column_names.filter((name) => !dropped.includes(name));
    const fingerprint = updated_fingerprint(this, "remove_columns", { names: dropped });
    return this._with_table(this._table.select(left), fingerprint);
  }

  /** @param {string} old_name @param {string} new_name */
  rename_column(old_name, new_name) {
    this._table.column(old_name);
    if (this._table.has(new_name))
      throw new TunelabError(`rename_column: there is a column ${new_name} already`);
    const names = this.column_names.map((name) => [name, name === old_name ? new_name : name]);
    const fingerprint = updated_fingerprint(this, "rename_column", { old_name, new_name });
    return this._with_table(this._table.renamed(Object.fromEntries(names)), fingerprint);
  }

  /**
   * The same rows of another table of as many rows.
   * @param {Table} table
   * @param {string} fingerprint
   */
  _with_table(table, fingerprint) {
    return new Dataset(table, { indices: this._indices, fingerprint, format: this._format });
  }

  /** @param {string} name @param {ArrayLike<any>} values */
  add_column(name, values) {
    if (this._table.has(name))
      throw new TunelabError(`add_column: there is a column ${name} already`);
    return this._with_column(memory_table({ [name]: values }));
  }

  /** A column set or added. @param {Table} column as many rows as this dataset */
  _with_column(column) {
    const table = this._rows().beside(column);
    return new Dataset(table, { format: this._format });
  }

  /**
   * The different values of a column, in the order they first appear.
   * @param {string} name
   * @returns {any[]}
   */
  unique(name) {
    return [...new Set(this._plain_column(name))];
  }

  /** A column's values whatever the format. @param {string} name @returns {Column} */
  _plain_column(name) {
    return this.with_format(null).column(name);
  }

  /**
   * Turns a column of strings into a ClassLabel: its different values, sorted, are the names.
   * @param {string} name
   * @param {readonly string[]} [names] the classes in order, where they are given
   */
  class_encode_column(name, names) {
    const values = this._plain_column(name);
    const missing = values.findIndex((value) => value === null);
    if (missing >= 0)
      throw new TunelabError(`column ${name} has no value in row ${missing}`, "TL_ERR_FORMAT");
    const label = new ClassLabel({ names: names ?? this.unique(name).map(String).sort() });
    const encoded = values.map((value) => label.str2int(String(value)));
    return this._with_column(memory_table({ [name]: encoded }, { [name]: label }));
  }

  /**
   * Gives a column another type: a ClassLabel over integers, a Value.
   * @param {string} name
   * @param {import("./features.js").Feature} feature
   */
  cast_column(name, feature) {
    const values = this._plain_column(name);
    if (feature instanceof ClassLabel && values.some((value) => typeof value === "string"))
      return this.class_encode_column(name, feature.names);
    return this._with_column(memory_table({ [name]: values.tolist() }, { [name]: feature }));
  }

  /**
   * What rows and columns come as: "torch" tensors, or plain values (null). Changes this dataset.
   * @param {string | null} type
   */
  set_format(type) {
    column_formatter(type);
    this._format = type;
  }

  /** set_format on a copy. @param {string | null} type @returns {Dataset} */
  with_format(type) {
    const made = this._with_table(this._table, this._fingerprint);
    made.set_format(type);
    return made;
  }

  toString() {
    const names = this.column_names.map((name) => `'${name}'`).join(", ");
    return `Dataset({\n    features: [${names}],\n    num_rows: ${this.num_rows}\n})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toString();
  }
}
