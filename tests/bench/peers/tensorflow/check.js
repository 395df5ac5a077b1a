// Shows that all three steps compute the same: losses over a few steps and every gradient of the first, on a small model.
import { first_weights, make_batch } from "./job.js";
import { Plain } from "./plain.js";
import { tf } from "./library.js";
import * as heap from "./operations/heap.js";
import * as library from "./operations/public.js";
import { Tuned, WIDE } from "./tuned.js";

// The tuned GELU is within 1e-4 of the exact derivative; the rest is rounding in another order.
const TOLERANCE = 1e-3;
const STEPS = 8;

/** @typedef {import("./job.js").Sizes} Sizes */

/**
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 * @returns {number} |a - b| / |b|, both of all values; NaN if one is
 */
function distance(a, b) {
  let apart = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    apart += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(apart / (size + 1e-20));
}

/**
 * @returns {{gradient: number, loss: number, first: number, last: number}} the largest distances, and the loss's way
 * @throws {Error} where they differ, or where the loss does not fall
 */
export function check() {
  /** @type {Sizes} */
  const sizes = { C: 32, L: 3, H: 4, F: 48, V: 60, P: 20, B: 3, S: 8 };
  const batch = make_batch(sizes);
  const weights = first_weights(sizes, 0.3);
  const plain = new Plain(sizes, weights);
  const tuned = [library, heap].map((operations) => new Tuned(sizes, weights, operations));
  const gradient = Math.max(...tuned.map((one) => compare_gradients(plain, one, batch)));
  let loss = 0;
  const losses = [];
  for (let step = 0; step < STEPS; step++) {
    const wanted = plain.step(batch);
    losses.push(wanted);
    loss = Math.max(loss, ...tuned.map((one) => distance([one.step(batch)], [wanted])));
  }
  for (const one of [plain, ...tuned]) one.dispose();
  const [first, last] = [losses[0], losses[STEPS - 1]];
  if (!(gradient <= TOLERANCE && loss <= TOLERANCE))
    throw new Error(`a tuned step differs: gradients by ${gradient}, losses by ${loss}`);
  if (!(last < first)) throw new Error(`the loss does not fall: ${first}, then ${last}`);
  return { gradient, loss, first, last };
}

/**
 * @param {Plain} plain
 * @param {Tuned} tuned
 * @param {import("./job.js").Batch} batch
 * @returns {number} the largest distance
 */
function compare_gradients(plain, tuned, batch) {
  const { value, grads: expected } = plain.gradients(batch);
  const { grads } = tuned.gradients(batch);
  const own = (/** @type {string} */ name) => {
    if (name === "words" || name === "positions" || name === "types")
      return tuned.embeddings.dense_gradient(name);
    const grad = grads[name];
    return tf.tidy(() => (name.endsWith(WIDE) ? tf.transpose(grad) : grad).dataSync());
  };
  const distances = Object.entries(expected)
    // A key's bias moves all scores of a query alike, so that its gradient is rounding alone.
    .filter(([name]) => !name.endsWith(".key_bias"))
    .map(([name, grad]) => distance(own(name), grad.dataSync()));
  tf.dispose([value, expected, grads]);
  return Math.max(...distances); // NaN if one is
}
