// A typed array that grows at its end: what columns are gathered in.

/**
 * @template {Uint8Array | Int32Array | Float64Array} T
 */
export class Growing {
  /** @param {new (length: number) => T} type */
  constructor(type) {
    this._type = type;
    this.values = new type(256);
    this.length = 0;
  }

  /** Makes place for `count` more. @param {number} count */
  reserve(count) {
    const needed = this.length + count;
    if (needed <= this.values.length) return;
    const larger = new this._type(Math.max(needed, 2 * this.values.length));
    larger.set(this.values.subarray(0, this.length));
    this.values = larger;
  }

  /** @param {number} value */
  push(value) {
    if (this.length === this.values.length) this.reserve(1);
    this.values[this.length++] = value;
  }

  /** @param {ArrayLike<number>} values */
  append(values) {
    this.reserve(values.length);
    this.values.set(values, this.length);
    this.length += values.length;
  }

  /** What was gathered, without a copy; this is empty then, and overwrites it. @returns {T} */
  lend() {
    const lent = /** @type {T} */ (this.values.subarray(0, this.length));
    this.length = 0;
    return lent;
  }

  /** A copy of what was gathered; this is empty then. @returns {T} */
  take() {
    return /** @type {T} */ (this.lend().slice());
  }
}
