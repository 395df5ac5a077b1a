// The training step as one would first write it: tensors of rank 3 and 4, gradients by tf.variableGrads, tf.train.adam.
import { ADAM, EPSILON, LABELS, MAX_NORM } from "./job.js";
import { tf } from "./library.js";

/** @typedef {import("./job.js").Sizes} Sizes */
/** @typedef {import("./job.js").Batch} Batch */
/** @typedef {import("./job.js").Block} Block */
/** @typedef {import("./library.js").Tensor} Tensor */

export class Plain {
  /** @param {Sizes} sizes @param {Map<string, Block>} weights */
  constructor(sizes, weights) {
    this.sizes = sizes;
    /** @type {Record<string, Tensor>} */
    this.variables = {};
    for (const [name, { values, shape }] of weights)
      this.variables[name] = tf.tidy(() => tf.variable(tf.tensor(values, shape), true, name));
    this.optimizer = tf.train.adam(ADAM.rate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  }

  /** @param {Batch} batch @returns {number} the loss before the update */
  step(batch) {
    return tf.tidy(() => {
      const { value, grads } = this.gradients(batch);
      const squares = Object.values(grads).map((grad) => tf.sum(tf.square(grad)));
      const length = tf.sqrt(tf.addN(squares));
      const scale = tf.minimum(1, tf.div(MAX_NORM, tf.add(length, 1e-6)));
      for (const name of Object.keys(grads)) grads[name] = tf.mul(grads[name], scale);
      this.optimizer.applyGradients(grads);
      return value.dataSync()[0];
    });
  }

  /** @param {Batch} batch @returns {{value: Tensor, grads: Record<string, Tensor>}} not clipped */
  gradients(batch) {
    return tf.variableGrads(() => this.#loss(batch));
  }

  dispose() {
    for (const variable of Object.values(this.variables)) variable.dispose();
    this.optimizer.dispose();
  }

  /** @param {Batch} batch */
  #loss({ ids, labels }) {
    const { C, L, B, S } = this.sizes;
    const w = this.variables;
    const words = tf.reshape(embed(w.words, tf.tensor1d(ids, "int32")), [B, S, C]);
    const positions = tf.slice(w.positions, [0, 0], [S, C]);
    const types = tf.slice(w.types, [0, 0], [1, C]);
    const sum = tf.add(tf.add(words, positions), types);
    let x = norm(sum, w.norm_scale, w.norm_shift);
    for (let l = 0; l < L; l++) {
      const attended = dense(this.#attention(x, l), w[`${l}.output`], w[`${l}.output_bias`]);
      x = norm(tf.add(x, attended), w[`${l}.norm1_scale`], w[`${l}.norm1_shift`]);
      const up = gelu(dense(x, w[`${l}.up`], w[`${l}.up_bias`]));
      const down = dense(up, w[`${l}.down`], w[`${l}.down_bias`]);
      x = norm(tf.add(x, down), w[`${l}.norm2_scale`], w[`${l}.norm2_shift`]);
    }
    const first = tf.reshape(tf.slice(x, [0, 0, 0], [B, 1, C]), [B, C]);
    const pooled = tf.tanh(dense(first, w.pooler, w.pooler_bias));
    const logits = dense(pooled, w.classifier, w.classifier_bias);
    const wanted = tf.oneHot(tf.tensor1d(labels, "int32"), LABELS);
    return tf.losses.softmaxCrossEntropy(wanted, logits);
  }

  /** @param {Tensor} x (B, S, C) @param {number} l @returns {Tensor} (B, S, C) */
  #attention(x, l) {
    const { C, H, B, S } = this.sizes;
    const w = this.variables;
    const [query, key, value] = ["query", "key", "value"].map((name) => {
      const projected = dense(x, w[`${l}.${name}`], w[`${l}.${name}_bias`]);
      return tf.transpose(tf.reshape(projected, [B, S, H, C / H]), [0, 2, 1, 3]);
    });
    const scores = tf.div(tf.matMul(query, key, false, true), Math.sqrt(C / H));
    const mixed = tf.matMul(tf.softmax(scores), value);
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [B, S, C]);
  }
}

/**
 * tf.gather, with the gradient that the WASM backend lacks (it has no UnsortedSegmentSum): rows added by scatterND.
 *
 * @param {Tensor} table (V, C)
 * @param {Tensor} ids (M)
 * @returns {Tensor} (M, C)
 */
function embed(table, ids) {
  return tf.customGrad(
    (/** @type {Tensor} */ rows_of, /** @type {(kept: Tensor[]) => void} */ save) => {
      save([ids]);
      return {
        value: tf.gather(rows_of, ids),
        gradFunc: (/** @type {Tensor} */ dy, /** @type {Tensor[]} */ [kept]) =>
          tf.scatterND(tf.expandDims(kept, 1), dy, table.shape),
      };
    },
  )(table);
}

/** @param {Tensor} x (…, K) @param {Tensor} weight (K, N) @param {Tensor} bias (N) */
function dense(x, weight, bias) {
  const [K, N] = weight.shape;
  const y = tf.matMul(tf.reshape(x, [-1, K]), weight);
  return tf.reshape(tf.add(y, bias), [...x.shape.slice(0, -1), N]);
}

/** @param {Tensor} x @param {Tensor} scale @param {Tensor} shift */
function norm(x, scale, shift) {
  const { mean, variance } = tf.moments(x, -1, true);
  const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, EPSILON)));
  return tf.add(tf.mul(normal, scale), shift);
}

/** @param {Tensor} x */
function gelu(x) {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
