// The tuned step's embeddings, in JavaScript alone: the library has no gradient for them, and only the rows that the
// batches touched need any work.
import { adamw } from "./adamw.js";
import { tf } from "./library.js";

/** @typedef {import("./library.js").Tensor} Tensor */
/** @typedef {import("./job.js").Block} Block */

/** @param {Float32Array} values @returns {number} the sum of their squares */
function squares(values) {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** A table of rows with moments; the gradient holds only the rows touched this step, in the order first met. */
class Table {
  /** @param {Block} block (rows, C) */
  constructor({ values, shape }) {
    this.values = values.slice();
    this.C = shape[1];
    this.moments = {
      mean: new Float32Array(values.length),
      square: new Float32Array(values.length),
    };
    /** @type {Map<number, number>} row → its place in the gradient; a row once met stays: its moments go on decaying */
    this.places = new Map();
    this.gradient = new Float32Array(0);
  }

  clear() {
    this.gradient.fill(0);
  }

  /** @param {number} row @returns {number} the offset of its gradient */
  place(row) {
    const known = this.places.get(row);
    if (known !== undefined) return known * this.C;
    const place = this.places.size;
    this.places.set(row, place);
    const needed = (place + 1) * this.C;
    if (needed > this.gradient.length) {
      const larger = new Float32Array(2 * needed);
      larger.set(this.gradient);
      this.gradient = larger;
    }
    return place * this.C;
  }

  /** @param {number} scale @param {number} t */
  update(scale, t) {
    const { values, gradient, moments, C } = this;
    for (const [row, place] of this.places)
      adamw(values, values, gradient, moments, scale, t, row * C, place * C, C);
  }
}

export class Embeddings {
  /** @param {Map<string, Block>} weights */
  constructor(weights) {
    const table = (/** @type {string} */ name) =>
      new Table(/** @type {Block} */ (weights.get(name)));
    this.words = table("words");
    this.positions = table("positions");
    this.types = table("types");
  }

  /** @param {Int32Array} ids (B·S) @param {number} S @returns {Tensor} (B·S, C) word + position + type 0 */
  look_up(ids, S) {
    const { C } = this.words;
    const sums = new Float32Array(ids.length * C);
    const [words, positions, types] = [this.words, this.positions, this.types].map((t) => t.values);
    for (let m = 0; m < ids.length; m++) {
      const word = ids[m] * C;
      const position = (m % S) * C;
      for (let c = 0; c < C; c++)
        sums[m * C + c] = words[word + c] + positions[position + c] + types[c];
    }
    return tf.tensor(sums, [ids.length, C]);
  }

  /** @param {Int32Array} ids @param {number} S @param {Tensor} dx (B·S, C) @returns {number} the gradients' squares */
  backward(ids, S, dx) {
    const tables = [this.words, this.positions, this.types];
    for (const table of tables) table.clear();
    const from = dx.dataSync();
    const { C } = this.words;
    for (let m = 0; m < ids.length; m++)
      for (const [table, row] of /** @type {[Table, number][]} */ ([
        [this.words, ids[m]],
        [this.positions, m % S],
        [this.types, 0],
      ])) {
        const at = table.place(row);
        const { gradient } = table;
        for (let c = 0; c < C; c++) gradient[at + c] += from[m * C + c];
      }
    return tables.reduce((sum, { gradient }) => sum + squares(gradient), 0);
  }

  /** @param {number} scale of the gradients @param {number} t this step's number, from 1 */
  update(scale, t) {
    for (const table of [this.words, this.positions, this.types]) table.update(scale, t);
  }

  /** @param {"words" | "positions" | "types"} name @returns {Float32Array} its whole gradient, for the check */
  dense_gradient(name) {
    const { values, places, gradient, C } = this[name];
    const dense = new Float32Array(values.length);
    for (const [row, place] of places)
      dense.set(gradient.subarray(place * C, (place + 1) * C), row * C);
    return dense;
  }
}
