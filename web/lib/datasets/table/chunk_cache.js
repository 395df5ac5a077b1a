// The chunks that were read last, of all tables together, within a bound of bytes.
import { free_now } from "./free_now.js";

/** @typedef {import("./vector.js").AnyVector} AnyVector */

/** What all tables' cached chunks may take together. */
export const CACHE_BYTES = 12 << 20;

/** Least recently used entries go first, and their memory with them: vectors are lent, not given. */
export class ChunkCache {
  /** @param {number} capacity bytes */
  constructor(capacity) {
    this.capacity = capacity;
    this.bytes = 0;
    /** In the order of their last use. @type {Map<object, {vector: AnyVector, buffer: ArrayBuffer}>} */
    this._entries = new Map();
  }

  /** @param {object} key @returns {AnyVector | undefined} */
  get(key) {
    const entry = this._entries.get(key);
    if (!entry) return undefined;
    this._entries.delete(key);
    this._entries.set(key, entry);
    return entry.vector;
  }

  /** @param {object} key not among the entries @param {AnyVector} vector @param {ArrayBuffer} buffer what it lies in */
  set(key, vector, buffer) {
    this._entries.set(key, { vector, buffer });
    this.bytes += buffer.byteLength;
    for (const [oldest, entry] of this._entries) {
      if (this.bytes <= this.capacity || oldest === key) break;
      this._entries.delete(oldest);
      this.bytes -= entry.buffer.byteLength;
      free_now(entry.buffer);
    }
  }
}

/** The one that tables share. */
export const chunk_cache = new ChunkCache(CACHE_BYTES);
