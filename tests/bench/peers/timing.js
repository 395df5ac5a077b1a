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

/** M, N, K of the products Y (M, N) = X (M, K) · W (K, N) that libraries are compared by: MiniLM's widest. */
const SHAPES = [
  [1024, 1536, 384],
  [512, 1536, 384],
];

/**
 * @param {string} peer
 * @param {number} threads
 * @param {number} count turns of each product
 * @param {(M: number, N: number, K: number) => {work: () => unknown, end: () => void}} make its matrices
 * @param {(figure: object) => void} report
 */
export async function measure_products(peer, threads, count, make, report) {
  for (const [M, N, K] of SHAPES) {
    const { work, end } = make(M, N, K);
    const timing = await measure(count, work);
    end();
    const gflops = (2 * M * N * K) / timing.seconds / 1e9;
    report({ kind: "product", peer, M, N, K, threads, gflops, ...timing });
  }
}
