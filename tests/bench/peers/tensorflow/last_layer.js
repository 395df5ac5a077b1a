// The last encoder layer of the tuned step: the head reads [CLS] alone, so one query a sequence, and one row a sequence
// in all that follows. Its batched products are so small that the library's scalar loop is the quickest.
import { add_to_first_rows, first_rows, transpose } from "./arrays.js";
import { merge, split } from "./attention.js";
import { rest, rest_backward } from "./layer.js";
import { tf } from "./library.js";
import { linear, linear_gradients, linear_input, softmax_backward } from "./parts.js";

/** @typedef {import("./library.js").Tensor} Tensor */
/** @typedef {Record<string, Tensor>} Tensors */
/** @typedef {import("./attention.js").Shape} Shape */

/**
 * @param {Tensor} x (B·S, C)
 * @param {Tensors} w
 * @param {number} l
 * @param {Shape} shape
 * @returns {{y: Tensor, saved: any}} y (B, C)
 */
export function last_layer(x, w, l, shape) {
  const { B, S, H, C } = shape;
  const first = first_rows(x, S);
  const query = tf.mul(split(linear(first, w, `${l}.query`), { ...shape, S: 1 }), Math.sqrt(H / C));
  const key = split(linear(x, w, `${l}.key`), shape);
  const value = split(linear(x, w, `${l}.value`), shape);
  const shares = tf.softmax(tf.matMul(query, key, false, true));
  const mixed = tf.reshape(tf.matMul(shares, value), [B, C]);
  const { y, saved } = rest(first, mixed, w, l);
  return { y, saved: { x, first, query, key, value, shares, ...saved } };
}

/**
 * @param {Tensors} grads
 * @param {Tensor} dy (B, C)
 * @param {any} saved
 * @param {Tensors} w
 * @param {number} l
 * @param {Shape} shape
 * @returns {Tensor} dx (B·S, C)
 */
export function last_layer_backward(grads, dy, saved, w, l, { B, S, H, C }) {
  const { x, first, query, key, value, shares } = saved;
  const { dmixed, dx: dfirst } = rest_backward(grads, dy, saved, w, l);
  const d = tf.reshape(dmixed, [B, H, 1, C / H]);
  const dv = merge(tf.matMul(shares, d, true, false));
  const dscores = softmax_backward(tf.matMul(d, value, false, true), shares);
  const dquery = tf.reshape(tf.matMul(dscores, key), [B, C]);
  const dq = tf.mul(dquery, Math.sqrt(H / C));
  const dk = merge(tf.matMul(dscores, query, true, false));
  linear_gradients(grads, `${l}.query`, transpose(first), dq);
  const x_transposed = transpose(x);
  linear_gradients(grads, `${l}.key`, x_transposed, dk);
  linear_gradients(grads, `${l}.value`, x_transposed, dv);
  const dx = tf.add(linear_input(dk, w, `${l}.key`), linear_input(dv, w, `${l}.value`));
  return add_to_first_rows(dx, tf.add(dfirst, linear_input(dq, w, `${l}.query`)), S);
}
