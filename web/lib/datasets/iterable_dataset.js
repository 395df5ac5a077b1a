// IterableDataset: rows that stream by instead of being kept, for datasets larger than the disk or looks
// at the first rows of a large one.
import { TunelabError } from "../core/errors.js";
import { default_rng } from "../numpy/random_generator.js";
import { formatter_of, format_from, PLAIN } from "./dataset_format.js";
import { encode_value } from "./features.js";
import { inspect_as_text } from "./features/inspect_as_text.js";
import { Features } from "./features/features_dict.js";
import { python_list } from "./features/python_repr.js";
import { ChangedExamples, JoinedExamples, ShardedExamples } from "./iterable/examples.js";
import { LimitedExamples } from "./iterable/limited_examples.js";
import { batching, filtering, mapping } from "./iterable/row_functions.js";
import { ShuffledExamples } from "./iterable/shuffled_examples.js";
import { named_options } from "./named_options.js";

/** @typedef {import("./iterable/examples.js").Examples} Examples */
/** @typedef {import("./iterable/examples.js").Row} Row */
/** @typedef {import("./iterable/row_functions.js").StreamOptions} StreamOptions */
/** @typedef {import("./features.js").FeatureLike} FeatureLike */
/** @typedef {import("./dataset_format.js").Format} Format */
/** @typedef {import("../numpy/random_generator.js").RandomGenerator} RandomGenerator */

/** Shards that fill a shuffle's buffer at a time. */
const MOST_SHARDS = 10;

/** `for await (const row of dataset)`. Every method but set_epoch returns a new one. */
export class IterableDataset {
  /**
   * Use load_dataset with {streaming: true}, or Dataset.to_iterable_dataset.
   * @param {Examples} examples
   * @param {{features?: Record<string, FeatureLike> | null, format?: Format}} [options] features: null
   *   where the columns' types are not known
   */
  constructor(examples, { features = null, format = PLAIN } = {}) {
    this._examples = examples;
    this._format = format;
    this.features = features && /** @type {Record<string, any>} */ (new Features(features));
    this.epoch = 0;
  }

  /**
   * Rows from a function that gives them anew each time.
   * @param {(kwargs?: any) => Iterable<Row> | AsyncIterable<Row>} generator
   * @param {{features?: Record<string, FeatureLike>, gen_kwargs?: any}} [options] gen_kwargs: the
   *   generator's argument
   */
  static from_generator(generator, { features, gen_kwargs } = {}) {
    const examples = new ShardedExamples([() => generator(gen_kwargs)]);
    return new IterableDataset(examples, { features });
  }

  /** Parts that can be read by themselves, such as files. */
  get num_shards() {
    return this._examples.num_shards;
  }

  /** @returns {string[] | null} null where they are not known */
  get column_names() {
    return this.features && Object.keys(this.features);
  }

  /**
   * @param {Examples} examples
   * @param {Record<string, any> | null} [features]
   */
  _made(examples, features = this.features) {
    const made = new IterableDataset(examples, { features, format: this._format });
    made.epoch = this.epoch;
    return made;
  }

  /**
   * @param {(rows: AsyncGenerator<Row>) => AsyncGenerator<Row>} change
   * @param {Record<string, any> | null} features
   * @param {boolean} [keeps_blocks]
   */
  _changed(change, features, keeps_blocks) {
    return this._made(new ChangedExamples(this._examples, change, keeps_blocks), features);
  }

  /** Each epoch has its own order of shards, and of shuffled rows. @param {number} epoch */
  set_epoch(epoch) {
    this.epoch = epoch;
  }

  /** The stream as this epoch reads it. */
  _of_epoch() {
    if (this.epoch === 0) return this._examples;
    const ordered = this._examples.shuffled(default_rng(this.epoch)) ?? this._examples;
    return ordered.shifted(this.epoch);
  }

  async *[Symbol.asyncIterator]() {
    for await (const row of this._of_epoch().rows()) yield this._formatted(row);
  }

  /** @param {Row} row */
  _formatted(row) {
    const cells = Object.entries(row).map(([name, value]) => {
      const formatter = formatter_of(this._format, name);
      return [name, formatter ? formatter.cell(value) : value];
    });
    return Object.fromEntries(cells);
  }

  /**
   * Applies `work` to every row as it comes, or with {batched: true} to columns of rows.
   * @param {(...example: any[]) => any} work
   * @param {StreamOptions & {features?: Record<string, FeatureLike>}} [options] features: the result's
   *   types, which are not known otherwise
   */
  map(work, { features, ...options } = {}) {
    return this._changed(mapping(work, options), features ?? null);
  }

  /**
   * The rows for which `keep` is true; with {batched: true} it takes columns and returns a list.
   * @param {(...example: any[]) => any} keep
   * @param {StreamOptions} [options]
   */
  filter(keep, options = {}) {
    return this._changed(filtering(keep, options), this.features);
  }

  /**
   * Rows of lists: so many rows in each.
   * @param {number | {batch_size: number, drop_last_batch?: boolean}} batch_size
   * @param {{drop_last_batch?: boolean}} [options] leave out a short last batch; default false
   */
  batch(batch_size, options) {
    const known = { method: "batch", options: "batch_size drop_last_batch" };
    const given = named_options(batch_size, "batch_size", options, known);
    return this._changed(batching(given.batch_size, given.drop_last_batch ?? false), null);
  }

  /**
   * In approximately random order: the shards are shuffled, rows of up to 10 of them fill a buffer of
   * buffer_size rows, which is shuffled. The order is the datasets library's for the seed.
   * @param {number | {seed?: number | null, generator?: RandomGenerator, buffer_size?: number,
   *   max_buffer_input_shards?: number}} [seed]
   * @param {{generator?: RandomGenerator, buffer_size?: number, max_buffer_input_shards?: number}}
   *   [options] buffer_size: default 1000
   */
  shuffle(seed, options) {
    const known = {
      method: "shuffle",
      options: "seed generator buffer_size max_buffer_input_shards",
    };
    const given = named_options(seed, "seed", options, known);
    const generator = given.generator?.copy() ?? default_rng(given.seed);
    const { buffer_size = 1000 } = given;
    if (!(Number.isInteger(buffer_size) && buffer_size > 0))
      throw new TunelabError(`shuffle: buffer_size must be a number from 1 on, not ${buffer_size}`);
    const ordered = this._examples.shuffled(generator);
    const most = ordered ? Math.max(1, given.max_buffer_input_shards ?? MOST_SHARDS) : 1;
    const mixing = { buffer_size, most, generator };
    return this._made(new ShuffledExamples(ordered ?? this._examples, mixing));
  }

  /** The first n rows. @param {number} n */
  take(n) {
    return this._made(new LimitedExamples(this._examples, "take", n));
  }

  /** All rows but the first n. @param {number} n */
  skip(n) {
    return this._made(new LimitedExamples(this._examples, "skip", n));
  }

  /** All rows, several times over. @param {number} num_times */
  repeat(num_times) {
    const times = Array.from({ length: num_times }, () => this._examples);
    return this._made(new JoinedExamples(times));
  }

  /**
   * @param {(name: string) => string | undefined} renamed the new name of a column; undefined: it goes
   * @param {boolean} [keeps_blocks]
   */
  _columns(renamed, keeps_blocks) {
    /** @param {Record<string, any>} of */
    const changed = (of) =>
      Object.fromEntries(
        Object.entries(of).flatMap(([name, value]) => {
          const made = renamed(name);
          return made === undefined ? [] : [[made, value]];
        }),
      );
    const change = async function* (/** @type {AsyncGenerator<Row>} */ rows) {
      for await (const row of rows) yield changed(row);
    };
    return this._changed(change, this.features && changed(this.features), keeps_blocks);
  }

  /** @param {readonly string[]} names @throws {TunelabError} for columns that are known not to be there */
  _require_columns(names) {
    const missing = names.filter((name) => this.features && !Object.hasOwn(this.features, name));
    if (missing.length > 0)
      throw new TunelabError(
        `Column name ${missing.join(", ")} not in the dataset. Current columns in the dataset: ${this.column_names?.join(", ")}`,
      );
  }

  /** Without some columns. @param {string | readonly string[]} column_names */
  remove_columns(column_names) {
    const names = [column_names].flat();
    this._require_columns(names);
    return this._columns((name) => (names.includes(name) ? undefined : name));
  }

  /** Only some columns. @param {string | readonly string[]} column_names */
  select_columns(column_names) {
    const names = [column_names].flat();
    this._require_columns(names);
    return this._columns((name) => (names.includes(name) ? name : undefined), true);
  }

  /** @param {string} original_column_name @param {string} new_column_name */
  rename_column(original_column_name, new_column_name) {
    return this.rename_columns({ [original_column_name]: new_column_name });
  }

  /** @param {Record<string, string>} column_mapping the new name of each old one */
  rename_columns(column_mapping) {
    this._require_columns(Object.keys(column_mapping));
    return this._columns((name) => column_mapping[name] ?? name);
  }

  /**
   * Gives a column another type; values become so as they come.
   * @param {string} column
   * @param {FeatureLike} feature
   */
  cast_column(column, feature) {
    this._require_columns([column]);
    const { [column]: type } = /** @type {Record<string, any>} */ (
      new Features({ [column]: feature })
    );
    const cast = (/** @type {Row} */ row) => ({
      ...row,
      [column]: encode_value(type, row[column]),
    });
    return this._changed(
      mapping(cast, {}),
      this.features && { ...this.features, [column]: type },
      true,
    );
  }

  /**
   * What rows come as: "torch" tensors, "numpy" typed arrays, or plain values (null).
   * @param {string | null} [type]
   */
  with_format(type = null) {
    const made = this._made(this._examples);
    made._format = format_from(type, {}, []);
    return made;
  }

  toString() {
    const names = this.column_names ? python_list(this.column_names) : "Unknown";
    return `IterableDataset({\n    features: ${names},\n    num_shards: ${this.num_shards}\n})`;
  }
}
inspect_as_text(IterableDataset);
