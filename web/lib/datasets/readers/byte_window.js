// Passing once over a part of a file from its beginning to its end, holding a window of it.
import { TunelabError } from "../../core/errors.js";
import { free_now } from "../table/free_now.js";

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
    /** What was read; of it, `_held` bytes from `_begin` on were not taken yet. */
    this._buffer = new Uint8Array(0);
    this._begin = 0;
    this._held = 0;
  }

  /** Bytes that were not taken yet. */
  get left() {
    return this._end - this._at;
  }

  /**
   * The next bytes, without taking them: at least `count`, or all that are left. Lent until the next call.
   * @param {number} count
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async peek(count) {
    const wanted = Math.min(count, this.left);
    if (this._held < wanted) {
      const length = Math.min(Math.max(wanted, this._step), this.left);
      this._make_room(length);
      await read_range(
        this._file,
        this._at + this._held,
        this._buffer.subarray(this._held, length),
      );
      this._held = length;
    }
    return this._buffer.subarray(this._begin, this._begin + this._held);
  }

  /** Brings what is held to the buffer's beginning. @param {number} length bytes to have place for */
  _make_room(length) {
    if (length <= this._buffer.length)
      this._buffer.copyWithin(0, this._begin, this._begin + this._held);
    else {
      const grown = new Uint8Array(length);
      grown.set(this._buffer.subarray(this._begin, this._begin + this._held));
      free_now(this._buffer.buffer);
      this._buffer = grown;
    }
    this._begin = 0;
  }

  /** Takes bytes that were peeked at. @param {number} count */
  skip(count) {
    this._begin += count;
    this._held -= count;
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
