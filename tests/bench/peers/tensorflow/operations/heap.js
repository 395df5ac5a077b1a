// What the rewritten step does with JavaScript of its own on the backend's WASM heap, which TensorFlow.js does not
// offer: its internals may change with any release.
import { adamw } from "../adamw.js";
import { tf } from "../library.js";

/** @typedef {import("../library.js").Tensor} Tensor */

/**
 * @param {Tensor} tensor float32
 * @returns {Float32Array} its values in the heap, valid until the heap grows: until the next tensor is made
 */
const heap = (tensor) => tf.backend().typedArrayFromHeap(tensor);

/** @param {number[]} shape @returns {Tensor} float32, with whatever lies there */
const make = (shape) =>
  tf.engine().makeTensorFromTensorInfo(tf.backend().makeOutput(shape, "float32"));

/**
 * @param {Tensor} x (…, rows, columns)
 * @returns {Tensor[]} its matrices (rows, columns)
 */
export function matrices(x) {
  const shape = x.shape.slice(-2);
  const size = shape[0] * shape[1];
  return Array.from({ length: x.size / size }, (_, i) => {
    const part = make(shape);
    heap(part).set(heap(x).subarray(i * size, (i + 1) * size));
    return part;
  });
}

/** AdamW in one pass over the heap. */
class Parameter {
  /** @param {Float32Array} values first ones @param {number[]} shape */
  constructor(values, shape) {
    this.weight = tf.tensor(values, shape);
    const zeros = () => new Float32Array(values.length);
    this.moments = { mean: zeros(), square: zeros() };
  }

  /** @param {Tensor} grad @param {number} scale of it, by clipping @param {number} t this step's number, from 1 */
  update(grad, scale, t) {
    const old = this.weight;
    // A new tensor: XNNPACK's packed copy of a matrix is kept under the tensor's identity.
    this.weight = make(old.shape);
    adamw(heap(this.weight), heap(old), heap(grad), this.moments, scale, t);
    old.dispose();
  }

  dispose() {
    this.weight.dispose();
  }
}

/** @param {Float32Array} values @param {number[]} shape */
export const make_parameter = (values, shape) => new Parameter(values, shape);
