// A table of rows with named, typed columns, as the `datasets` library shows it. Every method but
// set_format returns a new one.
import { TunelabError } from "../core/errors.js";
import { Generator } from "../torch/generator.js";
import { column_formatter } from "./dataset_format.js";
import { ClassLabel, infer_feature, Value } from "./features.js";
import { map_batches, map_rows } from "./map.js";

/** @typedef {import("./features.js").Features} Features */
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
 * @type {ProxyHandler<Dataset>} rows by number and columns by name, where the class has no such
 *   member
 */
const by_key = {
  get(dataset, key, receiver) {
    if (typeof key === "symbol" || key in dataset) return Reflect.get(dataset, key, receiver);
    if (/^\d+$/.test(key)) return dataset.at(Number(key));
    return key in dataset._columns ? dataset.column(key) : undefined;
  },
};

export class Dataset {
  /**
   * Use from_dict or from_list. `dataset[7]` is row 7, `dataset["text"]` the column.
   * @param {Columns} columns all of one length; taken, not copied
   * @param {Features} features of the same names
   */
  constructor(columns, features) {
    this._columns = columns;
    /** @type {Features} */
    this.features = features;
    this.num_rows = Object.values(columns)[0]?.length ?? 0;
    /** @type {string | null} */
    this._format = null;
    return new Proxy(this, by_key);
  }

  /**
   * @param {Columns} columns
   * @param {Features} [features] default: inferred
   */
  static from_dict(columns, features = {}) {
    const lengths = Object.entries(columns).map(([name, values]) => [name, values.length]);
    const odd = lengths.find(([, length]) => length !== lengths[0][1]);
    if (odd)
      throw new TunelabError(
        `column ${odd[0]} has ${odd[1]} rows where ${lengths[0][0]} has ${lengths[0][1]}; columns must be of one length`,
      );
    const typed = Object.entries(columns).map(([name, values]) => [
      name,
      features[name] ?? infer_feature(values, name),
    ]);
    return new Dataset(columns, Object.fromEntries(typed));
  }

  /**
   * @param {readonly Row[]} rows a key that a row lacks is null there
   * @param {Features} [features]
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
    return Object.keys(this._columns);
  }

  /** Row `index`; negative counts from the end. @param {number} index @returns {Row} */
  at(index) {
    const row = index < 0 ? index + this.num_rows : index;
    if (!(row >= 0 && row < this.num_rows))
      throw new TunelabError(`Invalid key: ${index} is out of bounds for size ${this.num_rows}`);
    const format = column_formatter(this._format);
    return Object.fromEntries(
      Object.entries(this._columns).map(([name, values]) => [name, format(values[row])]),
    );
  }

  /**
   * Rows [begin, end) as columns: Python's dataset[begin:end].
   * @param {number} [begin]
   * @param {number} [end]
   * @returns {Columns}
   */
  slice(begin, end) {
    const format = column_formatter(this._format);
    const cut = Object.entries(this._columns).map(([name, values]) => [
      name,
      values.slice(begin, end).map(format),
    ]);
    return Object.fromEntries(cut);
  }

  /** A column's values. @param {string} name @returns {any[]} */
  column(name) {
    return this._column(name).map(column_formatter(this._format));
  }

  /** @param {string} name */
  _column(name) {
    const values = this._columns[name];
    if (!values)
      throw new TunelabError(
        `there is no column ${name}; the columns are ${this.column_names.join(", ")}`,
      );
    return values;
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
    return this._derive(made, this._kept_features(made));
  }

  /**
   * Types that still hold after a map: a label stays a ClassLabel while its values are integers.
   * @param {Columns} columns
   */
  _kept_features(columns) {
    return Object.fromEntries(
      Object.entries(columns).map(([name, values]) => {
        const old = this.features[name];
        if (old && values === this._columns[name]) return [name, old];
        const found = infer_feature(values, name);
        return [name, old && old.dtype === found.dtype ? old : found];
      }),
    );
  }

  /** @param {(example: Row, index: number) => boolean} keep */
  filter(keep) {
    const rows = [];
    for (let row = 0; row < this.num_rows; ++row) if (keep(this.at(row), row)) rows.push(row);
    return this.select(rows);
  }

  /** @param {Iterable<number>} indices */
  select(indices) {
    const rows = [...indices];
    const outside = rows.find((row) => !(row >= 0 && row < this.num_rows));
    if (outside !== undefined)
      throw new TunelabError(`select: index ${outside} is out of bounds for size ${this.num_rows}`);
    const picked = Object.entries(this._columns).map(([name, values]) => [
      name,
      rows.map((row) => values[row]),
    ]);
    return this._derive(Object.fromEntries(picked), this.features);
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
    for (const name of dropped) this._column(name);
    const left = (/** @type {object} */ of) =>
      Object.entries(of).filter(([name]) => !dropped.includes(name));
    const made = this._derive(
      Object.fromEntries(left(this._columns)),
      Object.fromEntries(left(this.features)),
    );
    made.num_rows = this.num_rows;
    return made;
  }

  /** @param {string} old_name @param {string} new_name */
  rename_column(old_name, new_name) {
    this._column(old_name);
    if (new_name in this._columns)
      throw new TunelabError(`rename_column: there is a column ${new_name} already`);
    const renamed = (/** @type {object} */ of) =>
      Object.fromEntries(
        Object.entries(of).map(([name, value]) => [name === old_name ? new_name : name, value]),
      );
    return this._derive(renamed(this._columns), renamed(this.features));
  }

  /** @param {string} name @param {any[]} values */
  add_column(name, values) {
    if (name in this._columns)
      throw new TunelabError(`add_column: there is a column ${name} already`);
    return Dataset.from_dict({ ...this._columns, [name]: values }, this.features)._formatted(
      this._format,
    );
  }

  /**
   * The different values of a column, in the order they first appear.
   * @param {string} name
   * @returns {any[]}
   */
  unique(name) {
    return [...new Set(this._column(name))];
  }

  /**
   * Turns a column of strings into a ClassLabel: its different values, sorted, are the names.
   * @param {string} name
   * @param {readonly string[]} [names] the classes in order, where they are given
   */
  class_encode_column(name, names) {
    const values = this._column(name);
    const missing = values.findIndex((value) => value === null);
    if (missing >= 0)
      throw new TunelabError(`column ${name} has no value in row ${missing}`, "TL_ERR_FORMAT");
    const label = new ClassLabel({ names: names ?? this.unique(name).map(String).sort() });
    const encoded = values.map((value) => label.str2int(String(value)));
    return this._derive({ ...this._columns, [name]: encoded }, { ...this.features, [name]: label });
  }

  /**
   * Gives a column another type: a ClassLabel over integers, a Value.
   * @param {string} name
   * @param {import("./features.js").Feature} feature
   */
  cast_column(name, feature) {
    const values = this._column(name);
    if (feature instanceof ClassLabel && values.some((value) => typeof value === "string"))
      return this.class_encode_column(name, feature.names);
    const numeric = feature instanceof Value && /^(int|float)/.test(feature.dtype);
    const cast = numeric ? values.map((value) => (value === null ? null : Number(value))) : values;
    return this._derive({ ...this._columns, [name]: cast }, { ...this.features, [name]: feature });
  }

  /**
   * What rows and columns come as: "torch" tensors, or plain values (null). Changes this dataset.
   * @param {string | null} type
   */
  set_format(type) {
    column_formatter(type);
    this._format = type;
  }

  /** set_format on a copy. @param {string | null} type */
  with_format(type) {
    return this._derive(this._columns, this.features)._formatted(type);
  }

  /** @param {string | null} type @returns {Dataset} */
  _formatted(type) {
    this.set_format(type);
    return this;
  }

  /** @param {Columns} columns @param {Features} features */
  _derive(columns, features) {
    return new Dataset(columns, features)._formatted(this._format);
  }

  toString() {
    const names = this.column_names.map((name) => `'${name}'`).join(", ");
    return `Dataset({\n    features: [${names}],\n    num_rows: ${this.num_rows}\n})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toString();
  }
}
