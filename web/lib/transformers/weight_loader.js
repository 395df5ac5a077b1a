// Tensors of weights files into a model: float32 straight to its place, other types in pieces through the core's conversion,
// and tensors whose elements lie apart put in order on the way.
import { located } from "../core/errors.js";
import { element_bytes } from "./weight_catalog.js";
import { weight_feed } from "./weight_feed.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("./weight_catalog.js").OpenWeights} OpenWeights */
/** @typedef {import("./weight_catalog.js").PlacedTensor} PlacedTensor */
/** @typedef {import("./weight_catalog.js").WeightCatalog} WeightCatalog */
/** @typedef {import("./weight_feed.js").Feed} Feed */
/** @typedef {import("../torch/checkpoint/checkpoint_file.js").StorageBlock} StorageBlock */
/** @typedef {import("./load_weights.js").Read} Read */

/** Converted so much at a time; a multiple of every dtype's size. */
const PIECE = 1 << 20;

/**
 * Copies elements first … first + count - 1, in row-major order, to where they lie one behind the other.
 * @param {Uint8Array} from the bytes that the tensor touches
 * @param {Uint8Array} to
 * @param {{shape: readonly number[], strides: readonly number[], item: number}} layout
 * @param {number} first @param {number} count
 */
function gather(from, to, { shape, strides, item }, first, count) {
  for (let i = 0; i < count; i++) {
    let element = 0;
    for (let d = shape.length - 1, rest = first + i; d >= 0; d--) {
      element += (rest % shape[d]) * strides[d];
      rest = Math.floor(rest / shape[d]);
    }
    for (let b = 0; b < item; b++) to[i * item + b] = from[element * item + b];
  }
}

class WeightLoader {
  /** @param {Handle} model @param {WeightCatalog} catalog */
  constructor(model, catalog) {
    this._model = model;
    this._catalog = catalog;
    this._heap = model.core.heap;
    this._buffer = this._heap.alloc(PIECE);
    /** @type {Feed | undefined} */
    this._feed = undefined;
    /** @type {OpenWeights | undefined} the feed's */
    this._weights = undefined;
    /** How far the feed has come in its file. */
    this._at = 0;
    /** @type {Map<StorageBlock, number>} */
    this._data_begins = new Map();
  }

  async close() {
    this._heap.free(this._buffer);
    await this._feed?.close();
  }

  /**
   * Bytes of a file to a pointer: forward through the file where the order allows it.
   * @param {PlacedTensor} tensor whose file is meant
   * @param {number} pointer @param {number} begin @param {number} count
   */
  async _fill({ weights }, pointer, begin, count) {
    if (!this._feed || this._weights !== weights || begin < this._at) {
      await this._feed?.close();
      this._feed = weight_feed(this._heap, weights.file, begin, weights.file.size);
      this._weights = weights;
    }
    await this._feed.fill(pointer, begin, count);
    this._at = begin + count;
  }

  /** The first byte of a tensor in its file. @param {PlacedTensor} tensor */
  async _begin(tensor) {
    const { block, begin } = tensor;
    if (!block) return begin;
    let data = this._data_begins.get(block);
    if (data === undefined) {
      await this._fill(tensor, this._buffer, block.begin, block.header);
      data = block.data_begin(this._heap.u8.slice(this._buffer, this._buffer + block.header));
      this._data_begins.set(block, data);
    }
    return data + begin;
  }

  /** @param {Read} read @param {number} at byte of the tensor @param {number} count in the buffer */
  _convert({ tensor }, at, count) {
    const piece = [tensor, BigInt(at), this._buffer, count];
    const { core, pointer } = this._model;
    core.run("tl_model_load", pointer, this._catalog.header.pointer, ...piece);
  }

  /** @param {Read} read @param {PlacedTensor} tensor @param {number} begin */
  async _load_strided(read, tensor, begin) {
    const { extent, dtype, shape } = tensor;
    const strides = /** @type {number[]} */ (tensor.strides);
    const item = element_bytes(dtype);
    const touched = this._heap.alloc(extent);
    try {
      await this._fill(tensor, touched, begin, extent);
      for (let at = 0; at < read.bytes; at += PIECE) {
        const n = Math.min(PIECE, read.bytes - at);
        const [from, to] = [this._heap.u8.subarray(touched), this._heap.u8.subarray(this._buffer)];
        gather(from, to, { shape, strides, item }, at / item, n / item);
        this._convert(read, at, n);
      }
    } finally {
      this._heap.free(touched);
    }
  }

  /** @param {Read} read @param {PlacedTensor} tensor */
  async _load(read, tensor) {
    const begin = await this._begin(tensor);
    if (tensor.strides) {
      await this._load_strided(read, tensor, begin);
    } else if (read.dtype === "F32") {
      const weights = this._model.core.call("tl_model_weights", this._model.pointer) >>> 0;
      await this._fill(tensor, weights + 4 * read.offset, begin, read.bytes);
    } else {
      for (let at = 0; at < read.bytes; at += PIECE) {
        const n = Math.min(PIECE, read.bytes - at);
        await this._fill(tensor, this._buffer, begin + at, n);
        this._convert(read, at, n);
      }
    }
  }

  /** @param {Read} read @param {string} location of the files */
  async load(read, location) {
    const tensor = this._catalog.at(read.begin);
    try {
      await this._load(read, tensor);
    } catch (error) {
      throw located(error, `${location}/${tensor.weights.path}`);
    }
  }
}

/**
 * Brings the matched tensors into the model.
 * @param {Handle} model
 * @param {WeightCatalog} catalog
 * @param {readonly Read[]} reads in the catalog's order
 * @param {string} location of the files, for messages
 */
export async function load_tensors(model, catalog, reads, location) {
  const loader = new WeightLoader(model, catalog);
  try {
    for (const read of reads) if (read.bytes > 0) await loader.load(read, location);
  } finally {
    await loader.close();
  }
}
