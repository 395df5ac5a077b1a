// What JavaScript does itself on the WASM heap, because TensorFlow.js has no operation for it or a far slower one.
import { heap, make } from "./library.js";

/** @typedef {import("./library.js").Tensor} Tensor */

const BLOCK = 16;

/**
 * tf.transpose walks whole columns, which for 1024 rows lie a page apart and push one another out of the cache; here
 * a block at a time.
 *
 * @param {Tensor} x (M, N)
 * @returns {Tensor} (N, M)
 */
export function transpose(x) {
  const [M, N] = x.shape;
  const y = make([N, M]);
  const from = heap(x);
  const to = heap(y);
  for (let m0 = 0; m0 < M; m0 += BLOCK)
    for (let n0 = 0; n0 < N; n0 += BLOCK) {
      const m1 = Math.min(m0 + BLOCK, M);
      const n1 = Math.min(n0 + BLOCK, N);
      for (let n = n0; n < n1; n++)
        for (let m = m0, i = m0 * N + n; m < m1; m++, i += N) to[n * M + m] = from[i];
    }
  return y;
}

/**
 * tf.slice, tf.split and tf.unstack copy their whole input for every part they take; this copies the part.
 *
 * @param {Tensor} x (…, rows, columns)
 * @returns {Tensor[]} its matrices (rows, columns)
 */
export function matrices(x) {
  const shape = x.shape.slice(-2);
  const size = shape[0] * shape[1];
  return Array.from({ length: x.size / size }, (_, i) => {
    const part = make(shape);
    const values = heap(x);
    heap(part).set(values.subarray(i * size, (i + 1) * size));
    return part;
  });
}

/**
 * @param {Tensor} x (B·S, C)
 * @param {number} S
 * @returns {Tensor} (B, C): every S-th row
 */
export function first_rows(x, S) {
  const [M, C] = x.shape;
  const y = make([M / S, C]);
  const from = heap(x);
  const to = heap(y);
  for (let b = 0; b < M / S; b++) to.set(from.subarray(b * S * C, (b * S + 1) * C), b * C);
  return y;
}

/**
 * Adds rows (B, C) to every S-th row of x (B·S, C), in place.
 *
 * @param {Tensor} x
 * @param {Tensor} rows
 * @param {number} S
 */
export function add_to_first_rows(x, rows, S) {
  const C = x.shape[1];
  const to = heap(x);
  heap(rows).forEach((value, i) => {
    to[Math.floor(i / C) * S * C + (i % C)] += value;
  });
}

/**
 * tf.sum over the first axis transposes the whole first, slowly.
 *
 * @param {Tensor} x (M, N)
 * @returns {Tensor} (N)
 */
export function column_sums(x) {
  const [M, N] = x.shape;
  const from = heap(x);
  const sums = new Float32Array(N);
  for (let m = 0, i = 0; m < M; m++) for (let n = 0; n < N; n++, i++) sums[n] += from[i];
  return make([N], sums);
}

/** @param {Float32Array} values @returns {number} the sum of their squares */
export function squares(values) {
  // Four sums, so that an addition need not wait for the one before it.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += values[i] * values[i];
    b += values[i + 1] * values[i + 1];
    c += values[i + 2] * values[i + 2];
    d += values[i + 3] * values[i + 3];
  }
  for (let i = whole; i < values.length; i++) a += values[i] * values[i];
  return a + b + c + d;
}
