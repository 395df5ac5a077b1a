// Dataset: a table of rows with named, typed columns, as the `datasets` library shows it. Every method
// but those that set the format returns a new one.
import { TunelabError } from "../core/errors.js";
import { DatasetSaving } from "./dataset_saving.js";
import { List } from "./features.js";
import { Features } from "./features/features_dict.js";
import { ShardedExamples } from "./iterable/examples.js";
import { IterableDataset } from "./iterable_dataset.js";
import { remove_results } from "./mapping/cache_place.js";
import { filter_rows } from "./mapping/filter.js";
import { map_rows } from "./mapping/map.js";
import { named_options } from "./named_options.js";
import { memory_table, MemoryTableWriter } from "./table/table_writer.js";

/** @typedef {import("./table/table.js").Table} Table */
/** @typedef {import("./features.js").Feature} Feature */
/** @typedef {import("./features.js").FeatureLike} FeatureLike */
/** @typedef {import("./dataset_view.js").Row} Row */
/** @typedef {import("./dataset_view.js").Columns} Columns */

/** What reads `files` into one split. @param {string} kind @param {string | readonly string[]} paths @param {object} options */
async function read_files(kind, paths, options) {
  const { load_dataset } = await import("./load_dataset.js");
  return load_dataset(kind, { split: "train", ...options, data_files: paths });
}

/** Rows as one row of lists. @param {Columns} columns */
const as_one_row = (columns) =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [values]]));

/**
 * Rows are read by DatasetView, chosen by DatasetRows, columns by DatasetColumns, all saved by
 * DatasetSaving: each extends the one before.
 */
export class Dataset extends DatasetSaving {
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

  /**
   * In memory, from rows as they come.
   * @param {(kwargs?: any) => Iterable<Row> | AsyncIterable<Row>} generator
   * @param {{features?: Record<string, FeatureLike>, gen_kwargs?: any}} [options] gen_kwargs: the
   *   generator's argument
   * @returns {Promise<Dataset>}
   */
  static async from_generator(generator, { features = {}, gen_kwargs } = {}) {
    const writer = new MemoryTableWriter(Object(new Features(features)));
    for await (const row of generator(gen_kwargs)) {
      const columns = Object.entries(row).map(([name, value]) => [name, [value]]);
      writer.write(Object.fromEntries(columns));
    }
    return new Dataset(writer.finish());
  }

  /**
   * The rows of CSV or TSV files.
   * @param {string | readonly string[]} path_or_paths
   * @param {import("./load_dataset.js").LoadOptions} [options]
   * @returns {Promise<Dataset>}
   */
  static async from_csv(path_or_paths, options = {}) {
    return read_files("csv", path_or_paths, options);
  }

  /**
   * The rows of JSON or JSON Lines files.
   * @param {string | readonly string[]} path_or_paths
   * @param {import("./load_dataset.js").LoadOptions} [options]
   * @returns {Promise<Dataset>}
   */
  static async from_json(path_or_paths, options = {}) {
    return read_files("json", path_or_paths, options);
  }

  /**
   * The rows of Parquet files.
   * @param {string | readonly string[]} path_or_paths
   * @param {import("./load_dataset.js").LoadOptions} [options]
   * @returns {Promise<Dataset>}
   */
  static async from_parquet(path_or_paths, options = {}) {
    return read_files("parquet", path_or_paths, options);
  }

  /**
   * Applies `work` to every row, or with {batched: true} to columns of rows; the keys it returns are set
   * or added. The result of a dataset on disk is on disk, beside it, and is found again as long as
   * data, function and options are the same (README.md tells when).
   * @param {(...example: any[]) => Row | null | undefined | void | Promise<Row | null | undefined | void>} work
   * @param {import("./mapping/map_options.js").MapOptions} [options]
   * @returns {Promise<Dataset>}
   */
  async map(work, options = {}) {
    const made = await map_rows(this, work, options);
    if (!made) return options.remove_columns ? this.remove_columns(options.remove_columns) : this;
    return this._with_rows(made.table, made.fingerprint);
  }

  /**
   * The rows for which `keep` is true; with {batched: true} it takes columns and returns a list.
   * @param {(...example: any[]) => any} keep
   * @param {import("./mapping/map_options.js").WorkOptions} [options]
   * @returns {Promise<Dataset>}
   */
  async filter(keep, options = {}) {
    const kept = await filter_rows(this, keep, options);
    return kept ? this._select(kept.rows, kept.fingerprint) : this;
  }

  /**
   * Rows of lists: so many rows in each, a column's type the list of what it was.
   * @param {number | {batch_size: number, drop_last_batch?: boolean, num_proc?: number | null, new_fingerprint?: string}} batch_size
   * @param {{drop_last_batch?: boolean, num_proc?: number | null, new_fingerprint?: string}} [options] drop_last_batch:
   *   leave out a short last batch; default false. The others as map's
   * @returns {Promise<Dataset>}
   * @throws {TunelabError} for a batch_size that is no number from 1 on
   */
  async batch(batch_size, options) {
    const known = {
      method: "batch",
      options: "batch_size drop_last_batch num_proc new_fingerprint",
    };
    const given = named_options(batch_size, "batch_size", options, known);
    if (!(Number.isInteger(given.batch_size) && given.batch_size > 0))
      throw new TunelabError(
        `batch: batch_size must be a number from 1 on, not ${given.batch_size}`,
      );
    const lists = Object.entries(this.features).map(([name, type]) => [name, new List(type)]);
    const features = Object.fromEntries(lists);
    const plain = this.with_format(null);
    const made = await plain.map(as_one_row, { ...given, batched: true, features });
    return this._with_rows(made._table, made._fingerprint);
  }

  /**
   * The rows written out in their order, so that they are read one after the other again.
   * @param {Parameters<Dataset["map"]>[1]} [options] as map's
   * @returns {Promise<Dataset>}
   */
  async flatten_indices(options) {
    if (!this._indices) return this;
    const plain = this.with_format(null);
    const made = await plain.map((columns) => columns, { ...options, batched: true });
    return this._with_rows(made._table, made._fingerprint);
  }

  /**
   * The rows as a stream, in parts that can be shuffled.
   * @param {{num_shards?: number}} [options] parts, which follow each other; default 1
   */
  to_iterable_dataset({ num_shards = 1 } = {}) {
    if (!(num_shards >= 1 && num_shards <= Math.max(1, this.num_rows)))
      throw new TunelabError(
        `Unable to shard a dataset of size ${this.num_rows} into ${num_shards} shards (the number of shards exceeds the number of samples).`,
      );
    const plain = this.with_format(null);
    const shards = Array.from({ length: num_shards }, (_, i) => () => plain.shard(num_shards, i));
    return new IterableDataset(new ShardedExamples(shards, { in_blocks: true }), {
      features: this.features,
      format: this._format,
    });
  }

  /**
   * Removes what map and filter keep beside this dataset's files, but for what it rests on itself.
   * @returns {Promise<number>} the number of files that are gone
   */
  async cleanup_cache_files() {
    return remove_results(this);
  }
}
