// What the tuned step takes from TensorFlow.js's public interface where the rewritten one goes to its heap.
import { adamw } from "../adamw.js";
import { ADAM } from "../job.js";
import { tf } from "../library.js";

/** @typedef {import("../library.js").Tensor} Tensor */

/**
 * tf.slice, tf.split and tf.unstack copy their whole input for every part they take; so the values leave the library
 * once, and come back as parts.
 *
 * @param {Tensor} x (…, rows, columns)
 * @returns {Tensor[]} its matrices (rows, columns)
 */
export function matrices(x) {
  const shape = x.shape.slice(-2);
  const size = shape[0] * shape[1];
  const values = x.dataSync();
  return Array.from({ length: x.size / size }, (_, i) =>
    tf.tensor(values.subarray(i * size, (i + 1) * size), shape),
  );
}

/** AdamW of a matrix by operations, which use all threads. */
class Matrix {
  /** @param {Float32Array} values first ones @param {number[]} shape */
  constructor(values, shape) {
    this.weight = tf.tensor(values, shape);
    // The moments without their factors 1 - β, which come in with the step's rate.
    this.mean = tf.zeros(shape);
    this.square = tf.zeros(shape);
  }

  /** @param {Tensor} grad @param {number} scale of it, by clipping @param {number} t this step's number, from 1 */
  update(grad, scale, t) {
    const { weight, mean, square } = this;
    const { beta1, beta2, epsilon } = ADAM;
    const rate = (ADAM.rate * (1 - beta1)) / (1 - beta1 ** t);
    const root = Math.sqrt((1 - beta2) / (1 - beta2 ** t));
    Object.assign(
      this,
      tf.tidy(() => {
        const g = tf.mul(grad, scale);
        const m = tf.add(tf.mul(mean, beta1), g);
        const v = tf.add(tf.mul(square, beta2), tf.mul(g, g));
        const divisor = tf.add(tf.mul(tf.sqrt(v), root / rate), epsilon / rate);
        return { weight: tf.sub(weight, tf.div(m, divisor)), mean: m, square: v };
      }),
    );
    tf.dispose([weight, mean, square]);
  }

  dispose() {
    tf.dispose([this.weight, this.mean, this.square]);
  }
}

/** AdamW of a vector, in JavaScript: a dozen operations would take longer to call than to compute. */
class Vector {
  /** @param {Float32Array} values */
  constructor(values) {
    this.values = values.slice();
    this.weight = tf.tensor(this.values);
    const zeros = () => new Float32Array(values.length);
    this.moments = { mean: zeros(), square: zeros() };
  }

  /** @param {Tensor} grad @param {number} scale @param {number} t */
  update(grad, scale, t) {
    adamw(this.values, this.values, grad.dataSync(), this.moments, scale, t);
    this.weight.dispose();
    this.weight = tf.tensor(this.values);
  }

  dispose() {
    this.weight.dispose();
  }
}

/** @param {Float32Array} values @param {number[]} shape */
export const make_parameter = (values, shape) =>
  shape.length === 1 ? new Vector(values) : new Matrix(values, shape);
