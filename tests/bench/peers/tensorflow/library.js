// TensorFlow.js as the entry script loaded it, and its start.

/** @typedef {any} Tensor a tensor of TensorFlow.js; its types are not here, for the package is installed on first use */

/** @type {any} */
export const tf = /** @type {any} */ (globalThis).tf;

/**
 * Starts the WASM backend.
 *
 * @param {number} threads
 * @returns {Promise<number>} how many threads it really uses
 */
export async function start(threads) {
  tf.enableProdMode();
  tf.wasm.setThreadsCount(threads);
  await tf.setBackend("wasm");
  await tf.ready();
  const used = tf.wasm.getThreadsCount();
  if (used !== threads) throw new Error(`TensorFlow.js uses ${used} threads, not ${threads}`);
  return used;
}
