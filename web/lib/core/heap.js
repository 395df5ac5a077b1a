// The core's memory as typed arrays: fresh views after it has grown, allocation, and strings in and
// out.
import { TunelabError } from "./errors.js";

/**
 * The exports of a tunelab.mjs instance: `_tl_…` for every public C function, `_malloc`, `_free`.
 * @typedef {Record<string, (...args: any[]) => any> & {memory: () => WebAssembly.Memory}}
 *   WasmModule
 */

const encoder = new TextEncoder();
/** A text's own U+FEFF stays, at its beginning too. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param {ArrayBufferLike} buffer */
function views_of(buffer) {
  return {
    buffer,
    u8: new Uint8Array(buffer),
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  };
}

export class Heap {
  /** @param {WasmModule} module */
  constructor(module) {
    this.module = module;
    this._views = views_of(module.memory().buffer);
  }

  // The buffer is another object once the memory has grown, shared or not: compare, and make the
  // views anew.
  _fresh() {
    const { buffer } = this.module.memory();
    if (buffer !== this._views.buffer) this._views = views_of(buffer);
    return this._views;
  }

  /** All bytes. Valid until the next call into the core, as are the other views. */
  get u8() {
    return this._fresh().u8;
  }

  get i32() {
    return this._fresh().i32;
  }

  get f32() {
    return this._fresh().f32;
  }

  get f64() {
    return this._fresh().f64;
  }

  /**
   * A block of `bytes` bytes, 16-byte aligned, owned by the caller (`free`).
   * @param {number} bytes
   */
  alloc(bytes) {
    const pointer = this.module._malloc(Math.max(bytes, 1)) >>> 0;
    if (pointer === 0)
      throw new TunelabError(`out of memory: ${bytes} bytes could not be had`, "TL_ERR_MEMORY");
    return pointer;
  }

  /** @param {number} pointer */
  free(pointer) {
    this.module._free(pointer);
  }

  /**
   * A view on `length` int32 values at `pointer`; valid until the next call into the core.
   * @param {number} pointer @param {number} length
   */
  i32_at(pointer, length) {
    return this.i32.subarray(pointer >>> 2, (pointer >>> 2) + length);
  }

  /**
   * A view on `length` float32 values at `pointer`; valid until the next call into the core.
   * @param {number} pointer @param {number} length
   */
  f32_at(pointer, length) {
    return this.f32.subarray(pointer >>> 2, (pointer >>> 2) + length);
  }

  /**
   * A copy of `length` bytes at `pointer`.
   * @param {number} pointer @param {number} length
   * @returns {Uint8Array<ArrayBuffer>}
   */
  bytes(pointer, length) {
    const copy = new Uint8Array(length);
    copy.set(this.u8.subarray(pointer, pointer + length));
    return copy;
  }

  /**
   * The UTF-8 text of `length` bytes at `pointer`; without `length`, up to the NUL.
   * @param {number} pointer @param {number} [length]
   */
  text(pointer, length) {
    const end = length === undefined ? this.u8.indexOf(0, pointer) : pointer + length;
    return decoder.decode(this.bytes(pointer, end - pointer)); // a copy: TextDecoder refuses shared memory
  }

  /**
   * Runs `work` with a frame whose blocks are freed when it ends, however it ends.
   * @template T
   * @param {(frame: Frame) => T} work
   * @returns {T}
   */
  frame(work) {
    const frame = new Frame(this);
    try {
      return work(frame);
    } finally {
      frame.release();
    }
  }
}

/** Blocks that live as long as one call: arguments going in, results coming out. */
export class Frame {
  /** @param {Heap} heap */
  constructor(heap) {
    this._heap = heap;
    /** @type {number[]} */
    this._blocks = [];
  }

  /** @param {number} bytes */
  alloc(bytes) {
    const pointer = this._heap.alloc(bytes);
    this._blocks.push(pointer);
    return pointer;
  }

  /** @param {Uint8Array} bytes */
  u8(bytes) {
    const pointer = this.alloc(bytes.length);
    this._heap.u8.set(bytes, pointer);
    return pointer;
  }

  /** @param {ArrayLike<number>} values */
  i32(values) {
    const pointer = this.alloc(values.length * 4);
    this._heap.i32.set(values, pointer >>> 2);
    return pointer;
  }

  /** @param {ArrayLike<number>} values */
  f32(values) {
    const pointer = this.alloc(values.length * 4);
    this._heap.f32.set(values, pointer >>> 2);
    return pointer;
  }

  /**
   * @param {string} text
   * @returns {[pointer: number, length: number]} its UTF-8 bytes, without a NUL
   */
  text(text) {
    const bytes = encoder.encode(text);
    return [this.u8(bytes), bytes.length];
  }

  release() {
    for (const pointer of this._blocks) this._heap.free(pointer);
    this._blocks = [];
  }
}
