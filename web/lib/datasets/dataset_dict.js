// The splits of a dataset under their names: `splits.train` or `splits["train"]`. Methods work on
// every split.

/** @typedef {import("./dataset.js").Dataset} Dataset */

export class DatasetDict {
  /** @param {Record<string, Dataset>} splits */
  constructor(splits) {
    /** @type {Record<string, Dataset>} */
    const self = /** @type {any} */ (this);
    Object.assign(self, splits);
  }

  /**
   * @param {(split: Dataset) => Dataset} work
   * @returns {SplitDict}
   */
  _each(work) {
    const made = Object.entries(this).map(([name, split]) => [name, work(split)]);
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

  /** @param {string | readonly string[]} names */
  remove_columns(names) {
    return this._each((split) => split.remove_columns(names));
  }

  /** @param {string} old_name @param {string} new_name */
  rename_column(old_name, new_name) {
    return this._each((split) => split.rename_column(old_name, new_name));
  }

  /** @param {string | null} type changes the splits */
  set_format(type) {
    for (const split of Object.values(this)) split.set_format(type);
  }

  /** @param {{seed?: number}} [options] */
  shuffle(options) {
    return this._each((split) => split.shuffle(options));
  }

  get column_names() {
    return Object.fromEntries(
      Object.entries(this).map(([name, split]) => [name, split.column_names]),
    );
  }

  get num_rows() {
    return Object.fromEntries(Object.entries(this).map(([name, split]) => [name, split.num_rows]));
  }

  toString() {
    const splits = Object.entries(this).map(
      ([name, split]) => `    ${name}: ${String(split).replaceAll("\n", "\n    ")}`,
    );
    return `DatasetDict({\n${splits.join("\n")}\n})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toString();
  }
}

/** @typedef {DatasetDict & Record<string, any>} SplitDict */

/**
 * A DatasetDict, typed so that its splits can be named.
 * @param {Record<string, Dataset>} splits
 * @returns {SplitDict}
 */
export function dataset_dict(splits) {
  return new DatasetDict(splits);
}
