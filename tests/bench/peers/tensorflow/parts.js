// The tuned step's small parts, forward and backward by hand: linear, layer norm, GELU. Every product is of rank 2 and
// not transposed, for only those go to XNNPACK.
import { column_sums, transpose } from "./arrays.js";
import { EPSILON } from "./job.js";
import { tf } from "./library.js";

/** @typedef {import("./library.js").Tensor} Tensor */
/** @typedef {Record<string, Tensor>} Tensors */

/** @param {Tensor} x (M, K) @param {Tensors} w @param {string} name of a matrix (K, N) with a bias */
export const linear = (x, w, name) =>
  tf.fused.matMul({ a: x, b: w[name], bias: w[`${name}_bias`] });

/**
 * Adds the gradients of a linear layer to `grads`.
 *
 * @param {Tensors} grads
 * @param {string} name
 * @param {Tensor} x_transposed (K, M)
 * @param {Tensor} dy (M, N)
 */
export function linear_gradients(grads, name, x_transposed, dy) {
  grads[name] = tf.matMul(x_transposed, dy);
  grads[`${name}_bias`] = column_sums(dy);
}

/** @param {Tensor} dy (M, N) @param {Tensors} w @param {string} name @returns {Tensor} dx (M, K) */
export const linear_input = (dy, w, name) => tf.matMul(dy, transpose(w[name]));

// The product on the right is packed, which takes a tenth of the whole step, and four times as long a value when it is
// wide. So the layer whose output is wide keeps its matrix as (N, K): the gradient then has dy, transposed, on the left.

/** @param {Tensor} x (M, K) @param {Tensors} w @param {string} name of a matrix (N, K) with a bias */
export const wide_linear = (x, w, name) =>
  tf.fused.matMul({ a: x, b: transpose(w[name]), bias: w[`${name}_bias`] });

/**
 * @param {Tensors} grads
 * @param {string} name
 * @param {Tensor} x (M, K)
 * @param {Tensor} dy (M, N)
 */
export function wide_linear_gradients(grads, name, x, dy) {
  grads[name] = tf.matMul(transpose(dy), x);
  grads[`${name}_bias`] = column_sums(dy);
}

/** @param {Tensor} dy (M, N) @param {Tensors} w @param {string} name @returns {Tensor} dx (M, K) */
export const wide_linear_input = (dy, w, name) => tf.matMul(dy, w[name]);

/**
 * @param {Tensor} x (M, C)
 * @param {Tensors} w
 * @param {string} name
 * @returns {{y: Tensor, normal: Tensor, rate: Tensor}} rate is 1 / deviation, (M, 1)
 */
export function norm(x, w, name) {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  const rate = tf.rsqrt(tf.add(tf.mean(tf.mul(centred, centred), 1, true), EPSILON));
  const normal = tf.mul(centred, rate);
  return { y: tf.add(tf.mul(normal, w[`${name}_scale`]), w[`${name}_shift`]), normal, rate };
}

/**
 * @param {Tensors} grads
 * @param {Tensor} dy (M, C)
 * @param {{normal: Tensor, rate: Tensor}} saved
 * @param {Tensors} w
 * @param {string} name
 * @returns {Tensor} dx (M, C)
 */
export function norm_backward(grads, dy, { normal, rate }, w, name) {
  grads[`${name}_shift`] = column_sums(dy);
  grads[`${name}_scale`] = column_sums(tf.mul(dy, normal));
  const d = tf.mul(dy, w[`${name}_scale`]);
  const shared = tf.mul(normal, tf.mean(tf.mul(d, normal), 1, true));
  return tf.mul(tf.sub(tf.sub(d, tf.mean(d, 1, true)), shared), rate);
}

// GELU is x·Φ(x). Φ is taken as sigmoid(x·(A + B·x² + C·x⁴)), which is within 3e-5 of x·Φ(x), and 1e-4 of its
// derivative, for |x| < 11: TensorFlow.js's erf takes five times as long as its sigmoid, which is XNNPACK's.
const [A, B, C] = [1.594977504985442, 0.07397936808205248, -0.0006952826455921429];

/** @param {Tensor} x @returns {{y: Tensor, gate: Tensor}} */
export function gelu(x) {
  const square = tf.mul(x, x);
  const slope = tf.add(tf.mul(tf.add(tf.mul(square, C), B), square), A);
  const gate = tf.sigmoid(tf.mul(slope, x));
  return { y: tf.mul(x, gate), gate };
}

/** @param {Tensor} dy @param {Tensor} x @param {Tensor} gate @returns {Tensor} dx */
export function gelu_backward(dy, x, gate) {
  const square = tf.mul(x, x);
  const slope = tf.add(tf.mul(tf.add(tf.mul(square, 5 * C), 3 * B), square), A);
  const bend = tf.mul(tf.mul(slope, x), tf.sub(1, gate));
  return tf.mul(dy, tf.mul(gate, tf.add(bend, 1)));
}

/** @param {Tensor} dp of softmax's output @param {Tensor} p that output @returns {Tensor} of its input */
export function softmax_backward(dp, p) {
  const product = tf.mul(p, dp);
  return tf.sub(product, tf.mul(p, tf.sum(product, -1, true)));
}
