// TensorFlow.js as the entry script loaded it, and the few doors to its WASM heap that its own operations lack.

/** @typedef {any} Tensor a tensor of TensorFlow.js; its types are not here, for the package is installed on first use */

/** @type {any} */
export const tf = /** @type {any} */ (globalThis).tf;

/**
 * @param {Tensor} tensor float32
 * @returns {Float32Array} its values in the heap, valid until the heap grows: until the next tensor is made
 */
export const heap = (tensor) => tf.backend().typedArrayFromHeap(tensor);

/**
 * @param {number[]} shape
 * @param {Float32Array} [values] left out: whatever lies there
 * @returns {Tensor} float32
 */
export function make(shape, values) {
  const output = tf.backend().makeOutput(shape, "float32");
  if (values) heap(output).set(values);
  return tf.engine().makeTensorFromTensorInfo(output);
}

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
