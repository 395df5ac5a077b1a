// What both steps start from: a BERT's sizes, its first weights, and a batch of full sequences.

/**
 * @typedef {object} Sizes
 * @property {number} C hidden size
 * @property {number} L layers
 * @property {number} H attention heads
 * @property {number} F intermediate size
 * @property {number} V vocabulary
 * @property {number} P positions
 * @property {number} B sequences in the batch
 * @property {number} S tokens a sequence
 */

/** @typedef {{ids: Int32Array, labels: Int32Array}} Batch ids (B·S), labels (B) */
/** @typedef {{values: Float32Array, shape: number[]}} Block */

export const LABELS = 2;
export const EPSILON = 1e-12;
export const ADAM = { rate: 5e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
export const MAX_NORM = 1;

/** @param {number} seed @returns {() => number} uniform in [-1, 1) (mulberry32) */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** @param {Sizes} sizes @returns {Record<string, number[]>} every parameter's shape; a matrix is (inputs, outputs) */
function shapes({ C, L, F, V, P }) {
  /** @type {Record<string, number[]>} */
  const all = { words: [V, C], positions: [P, C], types: [2, C], norm_scale: [C], norm_shift: [C] };
  for (let l = 0; l < L; l++) {
    for (const name of ["query", "key", "value", "output"]) {
      all[`${l}.${name}`] = [C, C];
      all[`${l}.${name}_bias`] = [C];
    }
    Object.assign(all, {
      [`${l}.up`]: [C, F],
      [`${l}.up_bias`]: [F],
      [`${l}.down`]: [F, C],
      [`${l}.down_bias`]: [C],
    });
    for (const norm of ["norm1", "norm2"])
      Object.assign(all, { [`${l}.${norm}_scale`]: [C], [`${l}.${norm}_shift`]: [C] });
  }
  return Object.assign(all, {
    pooler: [C, C],
    pooler_bias: [C],
    classifier: [C, LABELS],
    classifier_bias: [LABELS],
  });
}

/**
 * @param {Sizes} sizes
 * @param {number} spread of the weights: 0.035 has the deviation of BERT's own first weights
 * @returns {Map<string, Block>} scales 1, biases and shifts 0, all else uniform
 */
export function first_weights(sizes, spread = 0.035) {
  const random = uniform(42);
  const blocks = Object.entries(shapes(sizes)).map(([name, shape]) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b));
    if (name.endsWith("_scale")) values.fill(1);
    else if (!name.endsWith("_shift") && !name.endsWith("_bias"))
      values.forEach((_, i) => (values[i] = spread * random()));
    return /** @type {[string, Block]} */ ([name, { values, shape }]);
  });
  return new Map(blocks);
}

/** @param {Sizes} sizes @returns {Batch} the tokens and labels that the core's own benchmark takes */
export function make_batch({ B, S, V }) {
  const spread = (/** @type {number} */ i) => (Math.imul(i, 2654435761) >>> 0) % (V - 1);
  return {
    ids: Int32Array.from({ length: B * S }, (_, i) => 1 + spread(i)),
    labels: Int32Array.from({ length: B }, (_, b) => b % LABELS),
  };
}
