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
   * @param {(example: any, index?: any) => Record<string, any>} work
   * @param {import("./dataset.js").MapOptions} [options]
   */
  map(work, options) {
    return this._each((split) => split.map(work, options));
  }

  /** @param {(example: Record<string, any>, index: number) => boolean} keep */
  filter(keep) {
    return this._each((split) => split.filter(keep));
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
