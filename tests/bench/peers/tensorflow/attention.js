// The tuned step's attention, a small product of rank 2 for every sequence and head: the library's batched product is
// a scalar loop, while these go to XNNPACK.
import { matrices } from "./arrays.js";
import { tf } from "./library.js";
import { softmax_backward } from "./parts.js";

/** @typedef {import("./library.js").Tensor} Tensor */
/** @typedef {{B: number, S: number, H: number, C: number}} Shape */
/** @typedef {{query: Tensor, key: Tensor, value: Tensor, shares: Tensor}} Saved all (B, H, S, …) */

/** @param {Tensor} x (B·S, C) @param {Shape} shape @returns {Tensor} (B, H, S, D) */
export const split = (x, { B, S, H, C }) =>
  tf.transpose(tf.reshape(x, [B, S, H, C / H]), [0, 2, 1, 3]);

/** @param {Tensor} x (B, H, S, D) @returns {Tensor} (B·S, C) */
export function merge(x) {
  const [B, H, S, D] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [B * S, H * D]);
}

/** @param {Tensor} x (B, H, M, N) @returns {Tensor} (B, H, N, M) */
const turned = (x) => tf.transpose(x, [0, 1, 3, 2]);

/**
 * @param {Tensor} a (B, H, M, K)
 * @param {Tensor} b (B, H, K, N)
 * @returns {Tensor} (B, H, M, N)
 */
function products(a, b) {
  const right = matrices(b);
  const each = matrices(a).map((left, i) => tf.matMul(left, right[i]));
  const [B, H, M] = a.shape;
  return tf.reshape(tf.stack(each), [B, H, M, b.shape[3]]);
}

/**
 * @param {Tensor} q (B·S, C), as its projection gives it; k and v too
 * @param {Tensor} k
 * @param {Tensor} v
 * @param {Shape} shape
 * @returns {{mixed: Tensor, saved: Saved}} mixed (B·S, C)
 */
export function attend(q, k, v, shape) {
  const query = tf.mul(split(q, shape), Math.sqrt(shape.H / shape.C));
  const key = split(k, shape);
  const value = split(v, shape);
  const shares = tf.softmax(products(query, turned(key)));
  return { mixed: merge(products(shares, value)), saved: { query, key, value, shares } };
}

/**
 * @param {Tensor} dmixed (B·S, C)
 * @param {Saved} saved
 * @param {Shape} shape
 * @returns {{dq: Tensor, dk: Tensor, dv: Tensor}} all (B·S, C)
 */
export function attend_backward(dmixed, { query, key, value, shares }, shape) {
  const d = split(dmixed, shape);
  const dv = products(turned(shares), d);
  const dscores = softmax_backward(products(d, turned(value)), shares);
  const dq = tf.mul(products(dscores, key), Math.sqrt(shape.H / shape.C));
  const dk = products(turned(dscores), query);
  return { dq: merge(dq), dk: merge(dk), dv: merge(dv) };
}
