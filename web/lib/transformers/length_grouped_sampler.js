// train_sampling_strategy "group_by_length": batches of rows of about the same length, as transformers draws
// them.
import { randperm } from "../torch/generator.js";

/** @typedef {import("../torch/generator.js").Generator} Generator */

/** At most so many batches are sorted together, so that some randomness is left. */
const MOST_BATCHES = 50;

/**
 * transformers.trainer_pt_utils.get_length_grouped_indices: a random order, cut into mega-batches, each
 * sorted from long to short; the longest row of all comes first, so that what does not fit fails at once.
 * @param {ArrayLike<number>} lengths of the rows
 * @param {number} batch_size
 * @param {{mega_batch_mult?: number, generator?: Generator}} [options] batches in a mega-batch, default
 *   such that there are 4 mega-batches, at most 50; what the order is drawn from, default the default
 *   generator
 * @returns {number[]} every row once
 */
export function get_length_grouped_indices(lengths, batch_size, options = {}) {
  const quarter = Math.floor(lengths.length / (batch_size * 4));
  const { mega_batch_mult = Math.max(Math.min(quarter, MOST_BATCHES), 1), generator } = options;
  const order = [...randperm(lengths.length, { generator })];
  const size = mega_batch_mult * batch_size;
  const megabatches = [];
  for (let start = 0; start < order.length; start += size)
    megabatches.push(order.slice(start, start + size).sort((a, b) => lengths[b] - lengths[a]));
  const longest = megabatches.reduce(
    (best, rows) => (lengths[rows[0]] > lengths[best[0]] ? rows : best),
    megabatches[0],
  );
  [megabatches[0][0], longest[0]] = [longest[0], megabatches[0][0]];
  return megabatches.flat();
}

/** transformers.trainer_pt_utils.LengthGroupedSampler. */
export class LengthGroupedSampler {
  /**
   * @param {number} batch_size the rows that should be alike: those of an update
   * @param {ArrayLike<number>} lengths of the rows, at least one
   * @param {{generator?: Generator}} [options] default the default generator
   */
  constructor(batch_size, lengths, { generator } = {}) {
    this.batch_size = batch_size;
    this.lengths = lengths;
    this.generator = generator;
  }

  get length() {
    return this.lengths.length;
  }

  *[Symbol.iterator]() {
    const { lengths, batch_size, generator } = this;
    yield* get_length_grouped_indices(lengths, batch_size, { generator });
  }
}
