// Choosing and ordering a dataset's rows: nothing is copied, a list of row numbers is made.
import { TunelabError } from "../core/errors.js";
import { default_rng, RandomGenerator } from "../numpy/random_generator.js";
import { dataset_dict } from "./dataset_dict.js";
import { DatasetView } from "./dataset_view.js";
import { ClassLabel } from "./features.js";
import { updated_fingerprint } from "./fingerprint.js";
import { named_options } from "./named_options.js";
import { sorted_rows } from "./rows/sort_rows.js";
import { split_sizes } from "./rows/split_sizes.js";
import { stratified_split } from "./rows/stratified_split.js";

/**
 * @typedef {object} RandomOptions
 * @property {number | bigint | readonly number[] | null} [seed] the order is the datasets library's
 *   for it; default: another order each time
 * @property {RandomGenerator} [generator] instead of a seed: numpy.random.default_rng(…)
 */

/** @typedef {import("./rows/split_sizes.js").Size} Size */

/**
 * @typedef {object} OnlySplit
 * @property {Size} [test_size] a number of rows, or a share below 1; default: the rest, or a quarter
 * @property {Size} [train_size] the same; default: the rest
 * @property {boolean} [shuffle] default true; false: the first rows train
 * @property {string | null} [stratify_by_column] a ClassLabel column whose classes keep their shares
 */
/** @typedef {RandomOptions & OnlySplit} SplitOptions */

/** @param {RandomOptions} options @param {string} method */
function generator_of({ seed, generator }, method) {
  if (generator === undefined) return default_rng(/** @type {any} */ (seed));
  if (seed !== undefined && seed !== null)
    throw new TunelabError(
      "Both `seed` and `generator` were provided. Please specify just one of them.",
    );
  if (generator instanceof RandomGenerator) return generator;
  throw new TunelabError(`${method}: the generator must be one of numpy.random.default_rng(seed)`);
}

/** @param {number} begin @param {number} end */
const numbers = (begin, end) =>
  Int32Array.from({ length: Math.max(0, end - begin) }, (_, i) => begin + i);

/** @param {Int32Array} rows @returns {{start: number, length: number} | {indices: Int32Array}} for fingerprints */
function as_arguments(rows) {
  const in_a_row = rows.every((row, i) => row === rows[0] + i);
  return in_a_row ? { start: rows[0] ?? 0, length: rows.length } : { indices: rows };
}

export class DatasetRows extends DatasetView {
  /**
   * The rows of these numbers, in this order; rows may repeat.
   * @param {Iterable<number>} indices from 0 on
   * @throws {TunelabError} for a row that is not there
   */
  select(indices) {
    const rows = Int32Array.from(indices, (index) => {
      if (Number.isInteger(index) && index >= 0 && index < this.num_rows) return index;
      throw new TunelabError(`Index ${index} out of range for dataset of size ${this.num_rows}.`);
    });
    return this._select(rows, updated_fingerprint(this, "select", as_arguments(rows)));
  }

  /**
   * Rows by number, without a copy.
   * @param {Int32Array} rows
   * @param {string} fingerprint
   */
  _select(rows, fingerprint) {
    const before = this._indices;
    const indices = before ? rows.map((row) => before[row]) : rows;
    return this._made(this._table, { indices, fingerprint });
  }

  /** The first n rows, or all if there are fewer. @param {number} n */
  take(n) {
    return this.select(numbers(0, Math.min(n, this.num_rows)));
  }

  /** All rows but the first n. @param {number} n */
  skip(n) {
    return this.select(numbers(n, this.num_rows));
  }

  /**
   * One of several parts.
   * @param {number | {num_shards: number, index: number, contiguous?: boolean}} num_shards
   * @param {number} [index] from 0 on
   * @param {{contiguous?: boolean}} [options] true (default): rows that follow each other, the first
   *   parts a row longer where it does not come out even; false: every num_shards-th row
   * @throws {TunelabError} for an index beyond the parts
   */
  shard(num_shards, index, options) {
    const known = { method: "shard", options: "num_shards index contiguous" };
    const rest = index === undefined ? options : { index, ...options };
    const given = named_options(num_shards, "num_shards", rest, known);
    const { num_shards: shards, index: at, contiguous = true } = given;
    if (!(at >= 0 && at < shards)) throw new TunelabError("index should be in [0, num_shards-1]");
    if (!contiguous)
      return this.select(numbers(0, this.num_rows).filter((row) => row % shards === at));
    const size = Math.floor(this.num_rows / shards);
    const longer = this.num_rows % shards;
    const start = size * at + Math.min(at, longer);
    return this.select(numbers(start, start + size + (at < longer ? 1 : 0)));
  }

  /** All rows, several times over. @param {number} num_times */
  repeat(num_times) {
    if (!Number.isInteger(num_times))
      throw new TunelabError("Map style datasets do not support indefinite repetition.");
    const length = Math.max(0, num_times) * this.num_rows;
    const rows = Int32Array.from({ length }, (_, i) => i % this.num_rows);
    return this._select(rows, updated_fingerprint(this, "repeat", { num_times }));
  }

  /**
   * In random order.
   * @param {RandomOptions["seed"] | RandomOptions} [seed]
   * @param {RandomOptions} [options]
   */
  shuffle(seed, options) {
    const known = { method: "shuffle", options: "seed generator" };
    const given = named_options(seed, "seed", options, known);
    if (this.num_rows === 0) return this;
    const rows = generator_of(given, "shuffle").permutation(this.num_rows);
    return this._select(rows, this._random_fingerprint("shuffle", given, rows));
  }

  /**
   * With a seed the name of the result follows from it; else from the rows that were drawn.
   * @param {string} name @param {RandomOptions} given @param {Int32Array} rows
   */
  _random_fingerprint(name, given, rows) {
    const by_seed = given.seed !== undefined && given.seed !== null;
    return updated_fingerprint(this, name, by_seed ? given : { rows });
  }

  /**
   * The rows in the order of one column's values, or of several.
   * @param {string | readonly string[]} column_names the first counts most
   * @param {object} [options]
   * @param {boolean | readonly boolean[]} [options.reverse] largest first; one for all or one each;
   *   default false
   * @param {"at_end" | "at_start" | "last" | "first"} [options.null_placement] default "at_end"
   * @throws {TunelabError} for columns that are not there or have no order
   */
  sort(column_names, { reverse = false, null_placement = "at_end" } = {}) {
    if (this.num_rows === 0) return this;
    const names = [column_names].flat();
    const descending = typeof reverse === "boolean" ? names.map(() => reverse) : reverse;
    if (descending.length !== names.length)
      throw new TunelabError(
        "Parameter 'reverse' should be either a boolean or a list of booleans with the same length as 'column_names'.",
      );
    if (!["at_end", "at_start", "last", "first"].includes(null_placement))
      throw new TunelabError(
        `null_placement '${null_placement}' is an invalid parameter value. Must be either 'last', 'at_end', 'first' or 'at_start'.`,
      );
    const keys = names.map((name, i) => ({
      name,
      values: this._plain_column(name).tolist(),
      descending: descending[i],
    }));
    const nulls_first = null_placement === "at_start" || null_placement === "first";
    const rows = sorted_rows(this.num_rows, keys, nulls_first);
    const args = { names, descending: [...descending], nulls_first };
    return this._select(rows, updated_fingerprint(this, "sort", args));
  }

  /**
   * A random part for testing, the rest for training, with the datasets library's rows for a seed.
   * @param {Size | SplitOptions} [test_size]
   * @param {SplitOptions} [options]
   * @returns {import("./dataset_dict.js").SplitDict} with the splits train and test
   * @throws {TunelabError} for sizes that leave a part without rows, and columns that are no
   *   ClassLabel
   */
  train_test_split(test_size, options) {
    const known = {
      method: "train_test_split",
      options: "test_size train_size shuffle stratify_by_column seed generator",
    };
    /** @type {SplitOptions} */
    const given = named_options(test_size, "test_size", options, known);
    const dict = (/** @type {any} */ splits) => dataset_dict(splits);
    if (this.num_rows === 0) return dict({ train: this, test: this });
    const sizes = split_sizes(this.num_rows, given);
    const rows = this._split_rows(sizes, given);
    const { generator, ...named } = given;
    const part = (/** @type {"train" | "test"} */ split) => {
      const args = { split, ...(given.shuffle === false || !generator ? named : {}) };
      const unseeded = given.shuffle !== false && (named.seed ?? null) === null;
      const all = unseeded ? { ...args, rows: rows[split] } : args;
      return this._select(rows[split], updated_fingerprint(this, "train_test_split", all));
    };
    return dict({ train: part("train"), test: part("test") });
  }

  /**
   * @param {{train: number, test: number}} sizes
   * @param {SplitOptions} options
   * @returns {{train: Int32Array, test: Int32Array}}
   */
  _split_rows(sizes, options) {
    const { shuffle = true, stratify_by_column: column } = options;
    const { train, test } = sizes;
    if (!shuffle) {
      if (column)
        throw new TunelabError(
          "Stratified train/test split is not implemented for `shuffle=False`",
        );
      return { train: numbers(0, train), test: numbers(train, train + test) };
    }
    const generator = generator_of(options, "train_test_split");
    if (column) {
      const labels = this._plain_column(column);
      if (!(this.features[column] instanceof ClassLabel))
        throw new TunelabError(
          `Stratifying by column is only supported for ClassLabel column, and column ${column} is ${this.features[column].constructor.name}; class_encode_column("${column}") makes it one.`,
        );
      return stratified_split(labels, sizes, generator, column);
    }
    const order = generator.permutation(this.num_rows);
    return { train: order.slice(test, test + train), test: order.slice(0, test) };
  }
}
