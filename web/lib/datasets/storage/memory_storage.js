// Files in memory: where a page has no file system of its own, and for datasets that are to stay in
// memory.
import { TunelabError } from "../../core/errors.js";

/** @typedef {import("./storage.js").Storage} Storage */

/** @implements {Storage} */
export class MemoryStorage {
  constructor() {
    this.location = "memory";
    /** @type {Map<string, {pieces: Uint8Array[], size: number}>} */
    this._files = new Map();
  }

  /** @param {string} path */
  async exists(path) {
    return this._files.has(path);
  }

  /** @param {string} path */
  async open_read(path) {
    const file = this._files.get(path);
    if (!file) throw new TunelabError(`there is no ${path} in memory`);
    const { pieces, size } = file;
    const starts = [0];
    for (const piece of pieces) starts.push(starts[starts.length - 1] + piece.length);
    return {
      size,
      /** @param {Uint8Array} target @param {number} at */
      read_into(target, at) {
        const end = at + target.length;
        if (end > size) throw new TunelabError(`${path} ends after ${size} bytes`, "TL_ERR_FORMAT");
        let piece = starts.findLastIndex((start) => start <= at);
        for (let from = at; from < end; ++piece) {
          const until = Math.min(end, starts[piece + 1]);
          target.set(
            pieces[piece].subarray(from - starts[piece], until - starts[piece]),
            from - at,
          );
          from = until;
        }
      },
      close() {},
    };
  }

  /** @param {string} path */
  async create(path) {
    /** @type {Uint8Array[]} */
    const pieces = [];
    const file = {
      size: 0,
      /** @param {Uint8Array} bytes */
      write(bytes) {
        if (bytes.length > 0) pieces.push(bytes.slice());
        file.size += bytes.length;
      },
      commit: async () => void this._files.set(path, { pieces, size: file.size }),
      abort: async () => {},
    };
    return file;
  }

  async list() {
    return [...this._files.keys()].sort();
  }

  /** @param {string} path */
  async remove(path) {
    this._files.delete(path);
  }
}
