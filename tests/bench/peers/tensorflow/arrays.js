// Transposes, sums and rows by operations of TensorFlow.js, each in the form that it is fast at.
import { tf } from "./library.js";

/** @typedef {import("./library.js").Tensor} Tensor */

/** Rows that are transposed together: as many values as a cache line holds. */
const ROWS = 16;

/**
 * tf.transpose of a matrix walks whole columns, whose rows push one another out of the cache; of blocks of a few rows it
 * does not, nor when it puts the blocks side by side.
 *
 * @param {Tensor} x (M, N)
 * @returns {Tensor} (N, M)
 */
export function transpose(x) {
  const [M, N] = x.shape;
  if (M % ROWS) return tf.transpose(x);
  const blocks = tf.transpose(tf.reshape(x, [M / ROWS, ROWS, N]), [0, 2, 1]);
  return tf.reshape(tf.transpose(blocks, [1, 0, 2]), [N, M]);
}

/**
 * As an average over pixels that are rows, which is XNNPACK's: tf.sum over the first axis transposes the whole first.
 *
 * @param {Tensor} x (M, N)
 * @returns {Tensor} (N)
 */
export function column_sums(x) {
  const [M, N] = x.shape;
  const means = tf.avgPool(tf.reshape(x, [1, M, 1, N]), [M, 1], 1, "valid");
  return tf.mul(tf.reshape(means, [N]), M);
}

/** @param {Tensor[]} all of rank 1 and 2 @returns {number} the sum of the squares of all values */
export function sum_of_squares(all) {
  const vectors = tf.concat(all.filter(({ rank }) => rank === 1));
  const sums = all
    .filter(({ rank }) => rank === 2)
    .map((matrix) => column_sums(tf.mul(matrix, matrix)));
  return tf.sum(tf.concat([...sums, tf.mul(vectors, vectors)])).dataSync()[0];
}

/**
 * @param {Tensor} x (B·S, C)
 * @param {number} S
 * @returns {Tensor} (B, C): every S-th row
 */
export const first_rows = (x, S) => tf.gather(x, tf.range(0, x.shape[0], S, "int32"));

/**
 * @param {Tensor} x (B·S, C)
 * @param {Tensor} rows (B, C)
 * @param {number} S
 * @returns {Tensor} x with the rows added to every S-th of its own
 */
export function add_to_first_rows(x, rows, S) {
  const [B, C] = rows.shape;
  const others = tf.zeros([B, S - 1, C]);
  const spread = tf.concat([tf.reshape(rows, [B, 1, C]), others], 1);
  return tf.add(x, tf.reshape(spread, x.shape));
}
