// The splits of a streamed dataset under their names. Methods work on every split.
import { inspect_as_text } from "./features/inspect_as_text.js";
import { NamedSplits } from "./named_splits.js";

/** @typedef {import("./iterable_dataset.js").IterableDataset} IterableDataset */

/** @extends {NamedSplits<IterableDataset>} */
export class IterableDatasetDict extends NamedSplits {
  /** @param {(split: IterableDataset) => IterableDataset} work */
  _each(work) {
    const made = Object.entries(this).map(([name, split]) => [name, work(split)]);
    return iterable_dataset_dict(Object.fromEntries(made));
  }

  /**
   * @param {Parameters<IterableDataset["map"]>[0]} work
   * @param {Parameters<IterableDataset["map"]>[1]} [options]
   */
  map(work, options) {
    return this._each((split) => split.map(work, options));
  }

  /**
   * @param {Parameters<IterableDataset["filter"]>[0]} keep
   * @param {Parameters<IterableDataset["filter"]>[1]} [options]
   */
  filter(keep, options) {
    return this._each((split) => split.filter(keep, options));
  }

  /**
   * @param {Parameters<IterableDataset["shuffle"]>[0]} [seed]
   * @param {Parameters<IterableDataset["shuffle"]>[1]} [options]
   */
  shuffle(seed, options) {
    return this._each((split) => split.shuffle(seed, options));
  }

  /** @param {string | readonly string[]} column_names */
  remove_columns(column_names) {
    return this._each((split) => split.remove_columns(column_names));
  }

  /** @param {string | readonly string[]} column_names */
  select_columns(column_names) {
    return this._each((split) => split.select_columns(column_names));
  }

  /** @param {string} original_column_name @param {string} new_column_name */
  rename_column(original_column_name, new_column_name) {
    return this._each((split) => split.rename_column(original_column_name, new_column_name));
  }

  /** @param {string} column @param {import("./features.js").FeatureLike} feature */
  cast_column(column, feature) {
    return this._each((split) => split.cast_column(column, feature));
  }

  /** @param {string | null} [type] */
  with_format(type) {
    return this._each((split) => split.with_format(type));
  }

  toString() {
    const splits = Object.entries(this).map(
      ([name, split]) => `    ${name}: ${String(split).replaceAll("\n", "\n    ")}`,
    );
    return `IterableDatasetDict({\n${splits.join("\n")}\n})`;
  }
}
inspect_as_text(IterableDatasetDict);

/**
 * An IterableDatasetDict, typed so that its splits can be named.
 * @param {Record<string, IterableDataset>} splits
 * @returns {IterableDatasetDict & Record<string, any>}
 */
export function iterable_dataset_dict(splits) {
  return new IterableDatasetDict(splits);
}
