// torch.utils.data.DataLoader: batches of a dataset's rows, in a sampler's order, put together by a
// collate function.
import { TunelabError } from "../core/errors.js";
import { default_generator } from "./generator.js";
import { BatchSampler, RandomSampler, SequentialSampler } from "./sampler.js";
import { stack, Tensor, tensor } from "./tensor.js";

/** @typedef {import("./generator.js").Generator} Generator */
/** @typedef {{readonly length: number, at: (row: number) => any}} MapDataset an array will do */
/** @typedef {AsyncIterable<any> & {at?: undefined}} StreamDataset such as an IterableDataset */

/**
 * torch's default_collate, for rows that are objects: numbers, equal lists and tensors become
 * tensors, the rest lists.
 * @param {Record<string, any>[]} rows
 * @returns {Record<string, any>}
 */
export function default_collate(rows) {
  /** @param {any[]} values */
  const collate = (values) => {
    const [first] = values;
    if (first instanceof Tensor) return stack(values);
    return typeof first === "number" || Array.isArray(first) ? tensor(values) : values;
  };
  return Object.fromEntries(
    Object.keys(rows[0]).map((key) => [key, collate(rows.map((row) => row[key]))]),
  );
}

/**
 * A stream has an order of its own.
 * @param {{shuffle?: boolean, sampler?: any}} options
 */
function refuse_order({ shuffle, sampler }) {
  const given = shuffle ? "shuffle=true" : sampler && "a sampler";
  if (given)
    throw new TunelabError(
      `DataLoader with IterableDataset: expected no shuffle option and no sampler, but got ${given}; shuffle the dataset itself`,
    );
}

/** Batches: `for (const batch of loader)`; of a stream of rows `for await (const batch of loader)`. */
export class DataLoader {
  /**
   * @param {MapDataset | StreamDataset} dataset
   * @param {object} [options]
   * @param {number} [options.batch_size] default 1
   * @param {boolean} [options.shuffle] a RandomSampler instead of a SequentialSampler; default
   *   false
   * @param {import("./sampler.js").Sampler} [options.sampler] instead of `shuffle`
   * @param {(rows: any[]) => any} [options.collate_fn] default default_collate
   * @param {boolean} [options.drop_last] leave out a short last batch; default false
   * @param {Generator} [options.generator] what shuffling draws from; default the default generator
   */
  constructor(dataset, options = {}) {
    const {
      batch_size = 1,
      shuffle = false,
      collate_fn = default_collate,
      drop_last = false,
      generator,
    } = options;
    if (options.sampler && shuffle)
      throw new TunelabError("sampler option is mutually exclusive with shuffle");
    this.dataset = /** @type {MapDataset} */ (dataset);
    this.batch_size = batch_size;
    this.collate_fn = collate_fn;
    this.drop_last = drop_last;
    this.generator = generator;
    this._streams = dataset.at === undefined;
    if (this._streams) refuse_order(options);
    this.sampler =
      options.sampler ??
      (shuffle
        ? new RandomSampler(this.dataset, { generator })
        : new SequentialSampler(this.dataset));
    this.batch_sampler = new BatchSampler(this.sampler, batch_size, drop_last);
  }

  /** The rows' numbers in batches. @throws {TunelabError} for a stream, whose rows have none */
  _row_batches() {
    if (!this._streams) return this.batch_sampler;
    throw new TunelabError(
      "a stream of rows (IterableDataset) has no length, and comes with for await (const batch of loader)",
    );
  }

  /** Batches in an epoch, as Python's len(). */
  get length() {
    return this._row_batches().length;
  }

  /**
   * torch draws a base seed for worker processes as an epoch begins, though there are none: the order
   * of later draws depends on it.
   */
  _draw_base_seed() {
    (this.generator ?? default_generator).random_int64();
  }

  [Symbol.iterator]() {
    const row_batches = this._row_batches();
    this._draw_base_seed();
    return this._batches(row_batches);
  }

  /** @param {Iterable<number[]>} row_batches */
  *_batches(row_batches) {
    for (const rows of row_batches) yield this.collate_fn(rows.map((row) => this.dataset.at(row)));
  }

  /** @returns {AsyncGenerator<any>} */
  async *[Symbol.asyncIterator]() {
    this._draw_base_seed();
    if (!this._streams) {
      yield* this._batches(this.batch_sampler);
      return;
    }
    let rows = [];
    for await (const row of /** @type {any} */ (this.dataset)) {
      rows.push(row);
      if (rows.length < this.batch_size) continue;
      yield this.collate_fn(rows);
      rows = [];
    }
    if (rows.length > 0 && !this.drop_last) yield this.collate_fn(rows);
  }
}
