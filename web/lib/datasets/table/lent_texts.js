// Texts of several rows where they lie, as UTF-8 among other bytes: no object a row.
import { free_now } from "./free_now.js";

/** What the bytes are must not change, nor move, while these are read: whoever lends them says how long. */
export class LentTexts {
  /**
   * @param {Uint8Array} bytes
   * @param {Int32Array} starts of each row in `bytes`; -1 where it has no value
   * @param {Int32Array} ends
   */
  constructor(bytes, starts, ends) {
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
    this.length = starts.length;
  }

  /** Gives back the memory of `starts` and `ends`. */
  end() {
    free_now(/** @type {ArrayBuffer} */ (this.starts.buffer));
    free_now(/** @type {ArrayBuffer} */ (this.ends.buffer));
  }

  /** @param {number} begin @param {number} end @returns {LentTexts} rows [begin, end), of the same bytes */
  slice(begin, end) {
    return new LentTexts(
      this.bytes,
      this.starts.subarray(begin, end),
      this.ends.subarray(begin, end),
    );
  }
}
