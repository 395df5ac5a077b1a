// The orders in which rows are drawn: torch's samplers, and Accelerate's seedable one that the
// Trainer uses.
import { TunelabError } from "../core/errors.js";
import { default_generator, Generator } from "./generator.js";

/** @typedef {{readonly length: number}} Sized */
/** @typedef {Iterable<number> & Sized} Sampler */

/** 0, 1, 2, … */
export class SequentialSampler {
  /** @param {Sized} data_source */
  constructor(data_source) {
    this.data_source = data_source;
  }

  get length() {
    return this.data_source.length;
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.length; ++row) yield row;
  }
}

/**
 * A random permutation for each epoch. Without a generator of its own it seeds a new one from the
 * default generator every epoch, as torch does.
 */
export class RandomSampler {
  /**
   * @param {Sized} data_source
   * @param {{generator?: Generator}} [options]
   */
  constructor(data_source, { generator } = {}) {
    if (data_source.length === 0)
      throw new TunelabError(
        "num_samples should be a positive integer value, but got num_samples=0: the dataset is empty",
      );
    this.data_source = data_source;
    this.generator = generator;
  }

  get length() {
    return this.data_source.length;
  }

  /** @returns {Generator} */
  _epoch_generator() {
    return this.generator ?? new Generator().manual_seed(default_generator.random_int64());
  }

  *[Symbol.iterator]() {
    yield* this._epoch_generator().randperm(this.length);
  }
}

/**
 * accelerate.data_loader.SeedableRandomSampler: epoch e is shuffled with seed `data_seed + e`,
 * whatever else was drawn.
 * `data_seed` is by default the default generator's seed at the time of construction.
 */
export class SeedableRandomSampler extends RandomSampler {
  /**
   * @param {Sized} data_source
   * @param {{data_seed?: number | bigint | null}} [options]
   */
  constructor(data_source, { data_seed } = {}) {
    super(data_source, { generator: new Generator() });
    this.initial_seed = BigInt(data_seed ?? default_generator.initial_seed());
    this.epoch = 0;
  }

  /** @param {number} epoch */
  set_epoch(epoch) {
    this.epoch = epoch;
  }

  *[Symbol.iterator]() {
    const generator = /** @type {Generator} */ (this.generator);
    generator.manual_seed(this.initial_seed + BigInt(this.epoch));
    yield* generator.randperm(this.length);
    this.epoch += 1;
  }
}

/** Groups a sampler's rows; the last group may be short unless `drop_last`. */
export class BatchSampler {
  /** @param {Sampler} sampler @param {number} batch_size @param {boolean} drop_last */
  constructor(sampler, batch_size, drop_last) {
    if (!Number.isInteger(batch_size) || batch_size < 1)
      throw new TunelabError(
        `batch_size should be a positive integer value, but got batch_size=${batch_size}`,
      );
    this.sampler = sampler;
    this.batch_size = batch_size;
    this.drop_last = drop_last;
  }

  get length() {
    const batches = this.sampler.length / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator]() {
    let rows = [];
    for (const row of this.sampler) {
      rows.push(row);
      if (rows.length < this.batch_size) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0 && !this.drop_last) yield rows;
  }
}
