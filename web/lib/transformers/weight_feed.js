// A weights file's bytes into the core's memory, without a copy of the file in between: from a local file by reading into
// place, from a stream piece by piece as they come.
import { TunelabError } from "../core/errors.js";

/** @typedef {import("../core/heap.js").Heap} Heap */
/** @typedef {import("../hub/file_source.js").OpenFile} OpenFile */

/**
 * `fill` puts bytes [begin, begin + count) of the file at a pointer; calls go forward through the file. `close`
 * lets go of the file's stream.
 * @typedef {object} Feed
 * @property {(pointer: number, begin: number, count: number) => void | Promise<void>} fill
 * @property {() => Promise<unknown>} close
 */

/** The bytes of a stream, in order, some left out. @implements {Feed} */
class StreamFeed {
  /**
   * @param {Heap} heap
   * @param {AsyncGenerator<Uint8Array>} stream
   * @param {number} begin of the stream in its file
   */
  constructor(heap, stream, begin) {
    this._heap = heap;
    this._stream = stream;
    this._at = begin;
    /** @type {Uint8Array} what came and was not used */
    this._left = new Uint8Array();
  }

  /** @param {number} pointer @param {number} begin @param {number} count */
  async fill(pointer, begin, count) {
    while (this._at < begin) await this._some(begin - this._at);
    for (let at = 0; at < count;) {
      const part = await this._some(count - at);
      this._heap.u8.set(part, pointer + at); // a fresh view: the memory may have grown while we waited
      at += part.length;
    }
  }

  close() {
    return this._stream.return(undefined);
  }

  /** The next bytes, `most` or fewer. @param {number} most */
  async _some(most) {
    if (this._left.length === 0) {
      const { value, done } = await this._stream.next();
      if (done) throw new TunelabError("the file ended early", "TL_ERR_FORMAT");
      this._left = value;
    }
    const part = this._left.subarray(0, most);
    this._left = this._left.subarray(part.length);
    this._at += part.length;
    return part;
  }
}

/**
 * @param {Heap} heap
 * @param {OpenFile} file
 * @param {number} begin
 * @param {number} end the part of the file that may be asked for
 * @returns {Feed}
 */
export function weight_feed(heap, file, begin, end) {
  const { read_into } = file;
  if (!read_into) return new StreamFeed(heap, file.stream(begin, end), begin);
  return {
    fill: (pointer, from, count) => read_into(heap.u8.subarray(pointer, pointer + count), from),
    close: async () => {},
  };
}
