// torch.utils.data.DataLoader: batches of a dataset's rows, in a sampler's order, put together by a
// collate function.
import { TunelabError } from "../core/errors.js";
import { default_generator } from "./generator.js";
import { BatchSampler, RandomSampler, SequentialSampler } from "./sampler.js";
import { stack, Tensor, tensor } from "./tensor.js";

/** @typedef {import("./generator.js").Generator} Generator */
/** @typedef {{readonly length: number, at: (row: number) => any}} MapDataset an array will do */

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

export class DataLoader {
  /**
   * @param {MapDataset} dataset
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
    this.dataset = dataset;
    this.batch_size = batch_size;
    this.collate_fn = collate_fn;
    this.drop_last = drop_last;
    this.generator = generator;
    this.sampler =
      options.sampler ??
      (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
    this.batch_sampler = new BatchSampler(this.sampler, batch_size, drop_last);
  }

  /** Batches in an epoch, as Python's len(). */
  get length() {
    return this.batch_sampler.length;
  }

  [Symbol.iterator]() {
    // torch draws a base seed for worker processes here, though there are none: the order of later
    // draws depends on it.
    (this.generator ?? default_generator).random_int64();
    return this._batches();
  }

  *_batches() {
    for (const rows of this.batch_sampler)
      yield this.collate_fn(rows.map((row) => this.dataset.at(row)));
  }
}
