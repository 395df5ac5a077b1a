// What JavaScript does itself on the WASM heap, because TensorFlow.js has no operation for it or a far slower one.
import { heap, make } from "./library.js";

/** @typedef {import("./library.js").Tensor} Tensor */

/** A block of transpose. */
const ROWS = 32;
const COLUMNS = 8;

/**
 * tf.transpose walks whole columns, which for 1024 rows lie a page apart and push one another out of the cache; here
 * a block at a time, and four values at once.
 *
 * @param {Tensor} x (M, N)
 * @returns {Tensor} (N, M)
 */
export function transpose(x) {
  const [M, N] = x.shape;
  const y = make([N, M]);
  const from = heap(x);
  const to = heap(y);
  for (let m0 = 0; m0 < M; m0 += ROWS) {
    const rows = Math.min(ROWS, M - m0);
    for (let n0 = 0; n0 < N; n0 += COLUMNS)
      for (let n = n0; n < Math.min(n0 + COLUMNS, N); n++) {
        let i = m0 * N + n;
        let o = n * M + m0;
        const end = o + rows;
        for (const fours = o + (rows & ~3); o < fours; o += 4, i += 4 * N) {
          const a = from[i];
          const b = from[i + N];
          const c = from[i + 2 * N];
          const d = from[i + 3 * N];
          to[o] = a;
          to[o + 1] = b;
          to[o + 2] = c;
          to[o + 3] = d;
        }
        for (; o < end; o++, i += N) to[o] = from[i];
      }
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
