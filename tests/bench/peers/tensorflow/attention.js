// The tuned step's attention, a small product of rank 2 for every sequence and head: the library's batched product is
// a scalar loop, while these go to XNNPACK.
import { tf } from "./library.js";
import { softmax_backward } from "./parts.js";

/** @typedef {import("./library.js").Tensor} Tensor */
/** @typedef {{B: number, S: number, H: number, C: number}} Shape */
/** @typedef {(x: Tensor) => Tensor[]} Matrices takes (…, rows, columns) apart into (rows, columns) */
/** @typedef {Shape & {matrices: Matrices}} Setting */
/** @typedef {{query: Tensor[], key: Tensor, value: Tensor, shares: Tensor}} Saved (B, H, S, …), or B·H times (S, …) */

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
 * @param {Tensor[]} a B·H times (M, K)
 * @param {Tensor[]} b B·H times (K, N)
 * @param {Shape} shape
 * @returns {Tensor} (B, H, M, N)
 */
function products(a, b, { B, H }) {
  const each = a.map((left, i) => tf.matMul(left, b[i]));
  return tf.reshape(tf.stack(each), [B, H, ...each[0].shape]);
}

/**
 * @param {Tensor} q (B·S, C), as its projection gives it; k and v too
 * @param {Tensor} k
 * @param {Tensor} v
 * @param {Setting} setting
 * @returns {{mixed: Tensor, saved: Saved}} mixed (B·S, C)
 */
export function attend(q, k, v, setting) {
  const { H, C, matrices } = setting;
  const query = matrices(tf.mul(split(q, setting), Math.sqrt(H / C)));
  const key = split(k, setting);
  const value = split(v, setting);
  const shares = tf.softmax(products(query, matrices(turned(key)), setting));
  const mixed = products(matrices(shares), matrices(value), setting);
  return { mixed: merge(mixed), saved: { query, key, value, shares } };
}

/**
 * @param {Tensor} dmixed (B·S, C)
 * @param {Saved} saved
 * @param {Setting} setting
 * @returns {{dq: Tensor, dk: Tensor, dv: Tensor}} all (B·S, C)
 */
export function attend_backward(dmixed, { query, key, value, shares }, setting) {
  const { H, C, matrices } = setting;
  const d = matrices(split(dmixed, setting));
  const dv = products(matrices(turned(shares)), d, setting);
  const dshares = products(d, matrices(turned(value)), setting);
  const dscores = softmax_backward(dshares, shares);
  const dquery = products(matrices(dscores), matrices(key), setting);
  const dq = tf.mul(dquery, Math.sqrt(H / C));
  const dk = products(matrices(turned(dscores)), query, setting);
  return { dq: merge(dq), dk: merge(dk), dv: merge(dv) };
}
