// The training step as fast as TensorFlow.js would go for us: gradients by hand, tensors freed layer by layer.
import { adamw } from "./adamw.js";
import { squares, transpose } from "./arrays.js";
import { Embeddings } from "./embeddings.js";
import { LABELS, MAX_NORM } from "./job.js";
import { last_layer, last_layer_backward } from "./last_layer.js";
import { layer, layer_backward } from "./layer.js";
import { heap, make, tf } from "./library.js";
import { linear, linear_gradients, linear_input, norm, norm_backward } from "./parts.js";

/** @typedef {import("./job.js").Sizes} Sizes */
/** @typedef {import("./job.js").Batch} Batch */
/** @typedef {import("./job.js").Block} Block */
/** @typedef {import("./library.js").Tensor} Tensor */

const TABLES = ["words", "positions", "types"];

/** The matrix that is kept transposed. */
export const WIDE = ".up";

export class Tuned {
  /** @param {Sizes} sizes @param {Map<string, Block>} weights */
  constructor(sizes, weights) {
    this.sizes = sizes;
    this.embeddings = new Embeddings(weights);
    /** @type {Record<string, Tensor>} */
    this.weights = {};
    /** @type {Record<string, {mean: Float32Array, square: Float32Array}>} */
    this.moments = {};
    for (const [name, { values, shape }] of weights) {
      if (TABLES.includes(name)) continue;
      const weight = make(shape, values);
      this.weights[name] = name.endsWith(WIDE) ? tf.transpose(weight) : weight;
      if (name.endsWith(WIDE)) weight.dispose();
      this.moments[name] = {
        mean: new Float32Array(values.length),
        square: new Float32Array(values.length),
      };
    }
    this.steps = 0;
  }

  /** @param {Batch} batch @returns {number} the loss before the update */
  step(batch) {
    const { loss, grads, sum_of_squares } = this.gradients(batch);
    const scale = Math.min(1, MAX_NORM / (Math.sqrt(sum_of_squares) + 1e-6));
    this.steps++;
    this.embeddings.update(scale, this.steps);
    for (const [name, grad] of Object.entries(grads)) {
      const old = this.weights[name];
      // A new tensor: XNNPACK's packed copy of a matrix is kept under the tensor's identity.
      const next = make(old.shape);
      adamw(heap(next), heap(old), heap(grad), this.moments[name], scale, this.steps);
      this.weights[name] = next;
      tf.dispose([old, grad]);
    }
    return loss;
  }

  /**
   * @param {Batch} batch
   * @returns {{loss: number, grads: Record<string, Tensor>, sum_of_squares: number}} without the embeddings' tables,
   *   whose gradients stay with them (but are in the sum); the caller frees grads
   */
  gradients({ ids, labels }) {
    const { L, S } = this.sizes;
    const w = this.weights;
    const first = tf.tidy(() => norm(this.embeddings.look_up(ids, S), w, "norm"));
    const passes = [];
    let x = first.y;
    for (let l = 0; l < L; l++) {
      const forward = l === L - 1 ? last_layer : layer;
      passes.push(tf.tidy(() => forward(x, w, l, this.sizes)));
      x = passes[l].y;
    }
    const { loss, grads: head, dx: top } = tf.tidy(() => this.#head(x, labels));
    /** @type {Record<string, Tensor>} */
    const grads = head;
    let dx = top;
    for (let l = L - 1; l >= 0; l--) {
      const backward = l === L - 1 ? last_layer_backward : layer_backward;
      const { y, saved } = passes[l];
      const back = tf.tidy(() => {
        /** @type {Record<string, Tensor>} */
        const own = {};
        return { dx: backward(own, dx, saved, w, l, this.sizes), own };
      });
      tf.dispose([dx, y, saved]);
      Object.assign(grads, back.own);
      dx = back.dx;
    }
    const last = tf.tidy(() => {
      /** @type {Record<string, Tensor>} */
      const own = {};
      return { dx: norm_backward(own, dx, first, w, "norm"), own };
    });
    Object.assign(grads, last.own);
    let sum_of_squares = this.embeddings.backward(ids, S, last.dx);
    for (const grad of Object.values(grads)) sum_of_squares += squares(heap(grad));
    const value = loss.dataSync()[0];
    tf.dispose([first, dx, last.dx, loss]);
    return { loss: value, grads, sum_of_squares };
  }

  dispose() {
    tf.dispose(this.weights);
  }

  /** @param {Tensor} x (B, C) @param {Int32Array} labels (B) */
  #head(x, labels) {
    const w = this.weights;
    /** @type {Record<string, Tensor>} */
    const grads = {};
    const pooled = tf.tanh(linear(x, w, "pooler"));
    const logits = linear(pooled, w, "classifier");
    const wanted = tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), LABELS), "float32");
    const loss = tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), 1)));
    const dlogits = tf.div(tf.sub(tf.softmax(logits), wanted), labels.length);
    linear_gradients(grads, "classifier", transpose(pooled), dlogits);
    const dpooled = tf.mul(linear_input(dlogits, w, "classifier"), tf.sub(1, tf.square(pooled)));
    linear_gradients(grads, "pooler", transpose(x), dpooled);
    return { loss, grads, dx: linear_input(dpooled, w, "pooler") };
  }
}
