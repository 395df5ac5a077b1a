// AdamW in one pass of JavaScript over weights, gradients and moments: fewer trips to memory than a dozen operations.
import { ADAM } from "./job.js";

/**
 * @param {Float32Array} output new weights; may be the old ones
 * @param {Float32Array} weights
 * @param {Float32Array} gradient
 * @param {{mean: Float32Array, square: Float32Array}} moments updated
 * @param {number} scale of the gradient, by clipping
 * @param {number} t this step's number, from 1
 * @param {number} [offset] of the first value in weights, output and moments
 * @param {number} [from] of the first value in gradient
 * @param {number} [count] how many values
 */
export function adamw(
  output,
  weights,
  gradient,
  { mean, square },
  scale,
  t,
  offset = 0,
  from = 0,
  count = gradient.length,
) {
  const { beta1, beta2, epsilon } = ADAM;
  const rate = ADAM.rate / (1 - beta1 ** t);
  const root = 1 / Math.sqrt(1 - beta2 ** t);
  for (let i = 0, j = offset; i < count; i++, j++) {
    const g = gradient[from + i] * scale;
    const m = beta1 * mean[j] + (1 - beta1) * g;
    const v = beta2 * square[j] + (1 - beta2) * g * g;
    mean[j] = m;
    square[j] = v;
    output[j] = weights[j] - (rate * m) / (Math.sqrt(v) * root + epsilon);
  }
}
