// How the peers are timed: one turn to warm up, then the median of several, with the quartiles.

/** @typedef {{seconds: number, seconds_spread: [number, number]}} Timing */

/**
 * @param {number} count turns that count
 * @param {() => unknown} work may be asynchronous
 * @returns {Promise<Timing>}
 */
export async function measure(count, work) {
  await work(); // compiles, packs and grows the heap
  /** @type {number[]} */
  const seconds = [];
  for (let turn = 0; turn < count; turn++) {
    const begin = performance.now();
    await work();
    seconds.push((performance.now() - begin) / 1000);
  }
  seconds.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => seconds[Math.floor(share * count)];
  return { seconds: at(0.5), seconds_spread: [at(0.25), at(0.75)] };
}

/** @typedef {[M: number, N: number, K: number]} Shape of Y (M, N) = X (M, K) · W (K, N) */

/**
 * @param {Shape[]} shapes
 * @param {number} count turns of each that count
 * @param {(rows: number, columns: number) => any} make_matrix an array of the library's, with random values
 * @param {(x: any, w: any) => unknown} multiply may be asynchronous; frees the product
 * @param {(figure: object) => void} report
 */
export async function measure_products(shapes, count, make_matrix, multiply, report) {
  for (const [M, N, K] of shapes) {
    const [x, w] = [make_matrix(M, K), make_matrix(K, N)];
    const timing = await measure(count, () => multiply(x, w));
    for (const matrix of [x, w]) matrix.dispose();
    const gflops = (2 * M * N * K) / timing.seconds / 1e9;
    report({ kind: "product", M, N, K, gflops, ...timing });
  }
}
