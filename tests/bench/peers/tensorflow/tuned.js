// The training step as fast as TensorFlow.js would go for us: gradients by hand, tensors freed layer by layer. It is
// made from one of two sets of operations: the library's public ones, or JavaScript on the library's heap.
import { sum_of_squares, transpose } from "./arrays.js";
import { Embeddings } from "./embeddings.js";
import { LABELS, MAX_NORM } from "./job.js";
import { last_layer, last_layer_backward } from "./last_layer.js";
import { layer, layer_backward } from "./layer.js";
import { tf } from "./library.js";
import { linear, linear_gradients, linear_input, norm, norm_backward } from "./parts.js";

/** @typedef {import("./job.js").Sizes} Sizes */
/** @typedef {import("./job.js").Batch} Batch */
/** @typedef {import("./job.js").Block} Block */
/** @typedef {import("./library.js").Tensor} Tensor */

/**
 * @typedef {object} Parameter
 * @property {Tensor} weight another one after each update; the parameter owns it
 * @property {(grad: Tensor, scale: number, t: number) => void} update by AdamW; t is the step's number, from 1
 * @property {() => void} dispose
 */

/**
 * @typedef {object} Operations
 * @property {import("./attention.js").Matrices} matrices
 * @property {(values: Float32Array, shape: number[]) => Parameter} make_parameter
 */

const TABLES = ["words", "positions", "types"];

/** The matrix that is kept transposed. */
export const WIDE = ".up";

export class Tuned {
  /**
   * @param {Sizes} sizes
   * @param {Map<string, Block>} weights
   * @param {Operations} operations
   */
  constructor(sizes, weights, { matrices, make_parameter }) {
    this.setting = { ...sizes, matrices };
    this.embeddings = new Embeddings(weights);
    /** @type {Record<string, Parameter>} */
    this.parameters = {};
    for (const [name, { values, shape }] of weights) {
      if (TABLES.includes(name)) continue;
      const turned = name.endsWith(WIDE)
        ? tf.tidy(() => transpose(tf.tensor(values, shape)).dataSync())
        : values;
      this.parameters[name] = make_parameter(
        turned,
        name.endsWith(WIDE) ? shape.toReversed() : shape,
      );
    }
    this.steps = 0;
  }

  /** @returns {Record<string, Tensor>} */
  get weights() {
    return Object.fromEntries(
      Object.entries(this.parameters).map(([name, { weight }]) => [name, weight]),
    );
  }

  /** @param {Batch} batch @returns {number} the loss before the update */
  step(batch) {
    const { loss, grads, squares } = this.gradients(batch);
    const scale = Math.min(1, MAX_NORM / (Math.sqrt(squares) + 1e-6));
    this.steps++;
    this.embeddings.update(scale, this.steps);
    for (const [name, grad] of Object.entries(grads)) {
      this.parameters[name].update(grad, scale, this.steps);
      grad.dispose();
    }
    return loss;
  }

  /**
   * @param {Batch} batch
   * @returns {{loss: number, grads: Record<string, Tensor>, squares: number}} without the embeddings' tables,
   *   whose gradients stay with them (but are in the sum); the caller frees grads
   */
  gradients({ ids, labels }) {
    const { L, S } = this.setting;
    const w = this.weights;
    const first = tf.tidy(() => norm(this.embeddings.look_up(ids, S), w, "norm"));
    const passes = [];
    let x = first.y;
    for (let l = 0; l < L; l++) {
      const forward = l === L - 1 ? last_layer : layer;
      passes.push(tf.tidy(() => forward(x, w, l, this.setting)));
      x = passes[l].y;
    }
    const { loss, grads: head, dx: top } = tf.tidy(() => this.#head(x, labels, w));
    /** @type {Record<string, Tensor>} */
    const grads = head;
    let dx = top;
    for (let l = L - 1; l >= 0; l--) {
      const backward = l === L - 1 ? last_layer_backward : layer_backward;
      const { y, saved } = passes[l];
      const back = tf.tidy(() => {
        /** @type {Record<string, Tensor>} */
        const own = {};
        return { dx: backward(own, dx, saved, w, l, this.setting), own };
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
    const squares =
      this.embeddings.backward(ids, S, last.dx) +
      tf.tidy(() => sum_of_squares(Object.values(grads)));
    const value = loss.dataSync()[0];
    tf.dispose([first, dx, last.dx, loss]);
    return { loss: value, grads, squares };
  }

  dispose() {
    for (const parameter of Object.values(this.parameters)) parameter.dispose();
  }

  /** @param {Tensor} x (B, C) @param {Int32Array} labels (B) @param {Record<string, Tensor>} w */
  #head(x, labels, w) {
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
