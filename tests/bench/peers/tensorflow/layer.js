// A whole encoder layer of the tuned step, forward and backward by hand.
import { transpose } from "./arrays.js";
import { attend, attend_backward } from "./attention.js";
import { tf } from "./library.js";
import {
  gelu,
  gelu_backward,
  linear,
  linear_gradients,
  linear_input,
  norm,
  norm_backward,
  wide_linear,
  wide_linear_gradients,
  wide_linear_input,
} from "./parts.js";

/** @typedef {import("./library.js").Tensor} Tensor */
/** @typedef {Record<string, Tensor>} Tensors */
/** @typedef {import("./attention.js").Setting} Setting */

/**
 * @param {Tensor} x (B·S, C)
 * @param {Tensors} w
 * @param {number} l the layer's number
 * @param {Setting} setting
 * @returns {{y: Tensor, saved: any}} y (B·S, C); saved is for the way back
 */
export function layer(x, w, l, setting) {
  const [q, k, v] = ["query", "key", "value"].map((name) => linear(x, w, `${l}.${name}`));
  const { mixed, saved: attention } = attend(q, k, v, setting);
  const { y, saved } = rest(x, mixed, w, l);
  return { y, saved: { x, attention, ...saved } };
}

/**
 * @param {Tensors} grads those of the layer's parameters are added
 * @param {Tensor} dy (B·S, C)
 * @param {any} saved
 * @param {Tensors} w
 * @param {number} l
 * @param {Setting} setting
 * @returns {Tensor} dx (B·S, C)
 */
export function layer_backward(grads, dy, saved, w, l, setting) {
  const { dmixed, dx } = rest_backward(grads, dy, saved, w, l);
  const { dq, dk, dv } = attend_backward(dmixed, saved.attention, setting);
  const x_transposed = transpose(saved.x);
  const sides = Object.entries({ query: dq, key: dk, value: dv }).map(([name, d]) => {
    linear_gradients(grads, `${l}.${name}`, x_transposed, d);
    return linear_input(d, w, `${l}.${name}`);
  });
  return sides.reduce((sum, side) => tf.add(sum, side), dx);
}

/**
 * What follows attention: its output product, the feed-forward pair and both norms.
 *
 * @param {Tensor} x (M, C) the layer's input
 * @param {Tensor} mixed (M, C) attention's result
 * @param {Tensors} w
 * @param {number} l
 * @returns {{y: Tensor, saved: any}}
 */
export function rest(x, mixed, w, l) {
  const norm1 = norm(tf.add(linear(mixed, w, `${l}.output`), x), w, `${l}.norm1`);
  const up = wide_linear(norm1.y, w, `${l}.up`);
  const { y: wide, gate } = gelu(up);
  const norm2 = norm(tf.add(linear(wide, w, `${l}.down`), norm1.y), w, `${l}.norm2`);
  const { y, ...kept2 } = norm2;
  return { y, saved: { mixed, norm1, up, wide, gate, norm2: kept2 } };
}

/**
 * @param {Tensors} grads
 * @param {Tensor} dy (M, C)
 * @param {any} saved
 * @param {Tensors} w
 * @param {number} l
 * @returns {{dmixed: Tensor, dx: Tensor}} dx by the residual alone
 */
export function rest_backward(grads, dy, { mixed, norm1, up, wide, gate, norm2 }, w, l) {
  const d2 = norm_backward(grads, dy, norm2, w, `${l}.norm2`);
  linear_gradients(grads, `${l}.down`, transpose(wide), d2);
  const dup = gelu_backward(linear_input(d2, w, `${l}.down`), up, gate);
  wide_linear_gradients(grads, `${l}.up`, norm1.y, dup);
  const d1 = tf.add(d2, wide_linear_input(dup, w, `${l}.up`));
  const dx = norm_backward(grads, d1, norm1, w, `${l}.norm1`);
  linear_gradients(grads, `${l}.output`, transpose(mixed), dx);
  return { dmixed: linear_input(dx, w, `${l}.output`), dx };
}
