// The splits of a dataset under their names: `splits.train` or `splits["train"]`. Methods work on
// every split.
import { TunelabError } from "../core/errors.js";
import { inspect_as_text } from "./features/inspect_as_text.js";
import { NamedSplits } from "./named_splits.js";
import { save_splits } from "./saving/table_folder.js";

/** @typedef {import("./dataset.js").Dataset} Dataset */

/** @extends {NamedSplits<Dataset>} */
export class DatasetDict extends NamedSplits {
  /**
   * @param {(split: Dataset) => Dataset} work
   * @returns {SplitDict}
   */
  _each(work) {
    const made = this.items().map(([name, split]) => [name, work(split)]);
    return dataset_dict(Object.fromEntries(made));
  }

  /**
   * As _each, one split after the other.
   * @param {(split: Dataset) => Promise<Dataset>} work
   * @returns {Promise<SplitDict>}
   */
  async _each_in_turn(work) {
    /** @type {Record<string, Dataset>} */
    const made = {};
    for (const [name, split] of Object.entries(this)) made[name] = await work(split);
    return dataset_dict(made);
  }

  /**
   * Dataset.map on every split.
   * @param {Parameters<Dataset["map"]>[0]} work
   * @param {import("./mapping/map_options.js").MapOptions} [options]
   */
  async map(work, options) {
    return this._each_in_turn((split) => split.map(work, options));
  }

  /**
   * Dataset.filter on every split.
   * @param {Parameters<Dataset["filter"]>[0]} keep
   * @param {import("./mapping/map_options.js").WorkOptions} [options]
   */
  async filter(keep, options) {
    return this._each_in_turn((split) => split.filter(keep, options));
  }

  /** @returns {Promise<Record<string, number>>} the number of files that are gone, by split */
  async cleanup_cache_files() {
    /** @type {Record<string, number>} */
    const removed = {};
    for (const [name, split] of Object.entries(this))
      removed[name] = await split.cleanup_cache_files();
    return removed;
  }

  /** @param {Parameters<Dataset["remove_columns"]>[0]} column_names */
  remove_columns(column_names) {
    return this._each((split) => split.remove_columns(column_names));
  }

  /** @param {Parameters<Dataset["select_columns"]>[0]} column_names */
  select_columns(column_names) {
    return this._each((split) => split.select_columns(column_names));
  }

  /** @param {string} original_column_name @param {string} new_column_name */
  rename_column(original_column_name, new_column_name) {
    return this._each((split) => split.rename_column(original_column_name, new_column_name));
  }

  /** @param {Parameters<Dataset["rename_columns"]>[0]} column_mapping */
  rename_columns(column_mapping) {
    return this._each((split) => split.rename_columns(column_mapping));
  }

  /** @param {Parameters<Dataset["cast"]>[0]} features */
  cast(features) {
    return this._each((split) => split.cast(features));
  }

  /** @param {string} column @param {Parameters<Dataset["cast_column"]>[1]} feature */
  cast_column(column, feature) {
    return this._each((split) => split.cast_column(column, feature));
  }

  /**
   * The classes are those of all splits together, so that an integer means the same in each.
   * @param {string} column
   * @param {{include_nulls?: boolean}} [options] as Dataset.class_encode_column's
   */
  class_encode_column(column, { include_nulls = false } = {}) {
    const all = this.values().flatMap((split) => split._class_names(column, include_nulls));
    const names = [...new Set(all)].sort();
    return this._each((split) => split.class_encode_column(column, { include_nulls, names }));
  }

  /** @param {Parameters<Dataset["flatten"]>[0]} [options] */
  flatten(options) {
    return this._each((split) => split.flatten(options));
  }

  /** @param {Parameters<Dataset["sort"]>[0]} column_names @param {Parameters<Dataset["sort"]>[1]} [options] */
  sort(column_names, options) {
    return this._each((split) => split.sort(column_names, options));
  }

  /**
   * Each split in a random order.
   * @param {Parameters<Dataset["shuffle"]>[0] | {seeds?: Record<string, number>}} [seed] one for all,
   *   or `seeds` by split
   */
  shuffle(seed) {
    const seeds = /** @type {any} */ (seed)?.seeds;
    if (seeds === undefined) return this._each((split) => split.shuffle(/** @type {any} */ (seed)));
    const made = this.items().map(([name, split]) => [name, split.shuffle({ seed: seeds[name] })]);
    return dataset_dict(Object.fromEntries(made));
  }

  /**
   * Dataset.set_format on every split.
   * @param {Parameters<Dataset["set_format"]>[0]} [type]
   * @param {Parameters<Dataset["set_format"]>[1]} [options]
   */
  set_format(type, options) {
    for (const split of this.values()) split.set_format(type, options);
  }

  reset_format() {
    for (const split of this.values()) split.reset_format();
  }

  /** @param {Parameters<Dataset["with_format"]>[0]} [type] @param {Parameters<Dataset["with_format"]>[1]} [options] */
  with_format(type, options) {
    return this._each((split) => split.with_format(type, options));
  }

  /**
   * Dataset.set_transform on every split.
   * @param {Parameters<Dataset["set_transform"]>[0]} transform
   * @param {Parameters<Dataset["set_transform"]>[1]} [options]
   */
  set_transform(transform, options) {
    for (const split of this.values()) split.set_transform(transform, options);
  }

  /** @param {Parameters<Dataset["with_transform"]>[0]} transform @param {Parameters<Dataset["with_transform"]>[1]} [options] */
  with_transform(transform, options) {
    return this._each((split) => split.with_transform(transform, options));
  }

  /**
   * What each split has, by its name.
   * @template T
   * @param {(split: Dataset) => T} of
   * @returns {Record<string, T>}
   */
  _by_split(of) {
    return Object.fromEntries(this.items().map(([name, split]) => [name, of(split)]));
  }

  /** The different values of a column, by split. @param {string} column */
  unique(column) {
    return this._by_split((split) => split.unique(column));
  }

  get column_names() {
    return this._by_split((split) => split.column_names);
  }

  get num_columns() {
    return this._by_split((split) => split.num_columns);
  }

  get num_rows() {
    return this._by_split((split) => split.num_rows);
  }

  get shape() {
    return this._by_split((split) => split.shape);
  }

  /**
   * Every split to a file of its own.
   * @param {Record<string, string>} path_dict the file's path, by split
   * @param {(split: Dataset, path: string) => Promise<number>} save
   * @returns {Promise<number>} bytes written
   */
  async _save_each(path_dict, save) {
    let bytes = 0;
    for (const [name, split] of this.items()) {
      if (path_dict[name] === undefined)
        throw new TunelabError(`there is no path for the split ${name}; give one for each split`);
      bytes += await save(split, path_dict[name]);
    }
    return bytes;
  }

  /**
   * Dataset.to_csv of every split.
   * @param {Record<string, string>} path_dict the file's path, by split
   * @param {Parameters<Dataset["to_csv"]>[1]} [options]
   */
  async to_csv(path_dict, options) {
    return this._save_each(path_dict, (split, path) => split.to_csv(path, options));
  }

  /**
   * Dataset.to_json of every split.
   * @param {Record<string, string>} path_dict the file's path, by split
   * @param {Parameters<Dataset["to_json"]>[1]} [options]
   */
  async to_json(path_dict, options) {
    return this._save_each(path_dict, (split, path) => split.to_json(path, options));
  }

  /**
   * Dataset.to_parquet of every split.
   * @param {Record<string, string>} path_dict the file's path, by split
   * @param {Parameters<Dataset["to_parquet"]>[1]} [options]
   */
  async to_parquet(path_dict, options) {
    return this._save_each(path_dict, (split, path) => split.to_parquet(path, options));
  }

  /** As a folder that load_from_disk reads back. @param {string} dataset_dict_path */
  async save_to_disk(dataset_dict_path) {
    await save_splits(dataset_dict_path, Object.fromEntries(this.items()));
  }

  toString() {
    const splits = Object.entries(this).map(
      ([name, split]) => `    ${name}: ${String(split).replaceAll("\n", "\n    ")}`,
    );
    return `DatasetDict({\n${splits.join("\n")}\n})`;
  }
}
inspect_as_text(DatasetDict);

/** @typedef {DatasetDict & Record<string, any>} SplitDict */

/**
 * A DatasetDict, typed so that its splits can be named.
 * @param {Record<string, Dataset>} splits
 * @returns {SplitDict}
 */
export function dataset_dict(splits) {
  return new DatasetDict(splits);
}
