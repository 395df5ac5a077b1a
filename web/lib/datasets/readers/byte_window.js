// Passing once over a part of a file from its beginning to its end, holding a window of it.
import { TunelabError } from "../../core/errors.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */

export class ByteWindow {
  /**
   * @param {OpenFile} file
   * @param {number} begin
   * @param {number} end
   * @param {number} step bytes to read at a time
   */
  constructor(file, begin, end, step) {
    this._file = file;
    this._end = end;
    this._step = step;
    /** Where the next byte to give lies in the file. */
    this._at = begin;
    /** The bytes from `_at` on that were read. */
    this._held = new Uint8Array(0);
  }

  /** Bytes that were not taken yet. */
  get left() {
    return this._end - this._at;
  }

  /**
   * The next bytes, without taking them: at least `count`, or all that are left.
   * @param {number} count
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async peek(count) {
    const wanted = Math.min(count, this.left);
    if (this._held.length < wanted) {
      const length = Math.min(Math.max(wanted, this._step), this.left);
      const grown = new Uint8Array(length);
      grown.set(this._held);
      await read_range(this._file, this._at + this._held.length, grown.subarray(this._held.length));
      this._held = grown;
    }
    return this._held;
  }

  /** Takes bytes that were peeked at. @param {number} count */
  skip(count) {
    this._held = this._held.subarray(count);
    this._at += count;
  }
}

/**
 * @param {OpenFile} file
 * @param {number} begin
 * @param {Uint8Array} target filled with the bytes from `begin` on
 */
export async function read_range(file, begin, target) {
  const end = begin + target.length;
  if (begin < 0 || end > file.size)
    throw new TunelabError(`bytes ${begin} to ${end} lie outside the file`, "TL_ERR_FORMAT");
  if (file.read_into) {
    file.read_into(target, begin);
    return;
  }
  let at = 0;
  for await (const piece of file.stream(begin, end)) {
    target.set(piece, at);
    at += piece.length;
  }
  if (at < target.length)
    throw new TunelabError(`it ended after ${begin + at} of ${end} bytes`, "TL_ERR_FORMAT");
}
