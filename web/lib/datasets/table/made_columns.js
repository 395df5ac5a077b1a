// Columns made of another's values as they are read: one key of dicts, values of another type, nothing.

/** @typedef {import("./column_views.js").TableColumn} TableColumn */

/** What a function makes of each value. @implements {TableColumn} */
export class MadeColumn {
  /** @param {TableColumn} base @param {(value: any) => any} make null stays null */
  constructor(base, make) {
    this._base = base;
    this._make = make;
    this.length = base.length;
  }

  /** @param {any} value */
  _made(value) {
    return value === null ? null : this._make(value);
  }

  /** @param {number} row */
  at(row) {
    return this._made(this._base.at(row));
  }

  /** @param {number} begin @param {number} end */
  slice(begin, end) {
    return this._base.slice(begin, end).map((value) => this._made(value));
  }

  lengths() {
    return Int32Array.from({ length: this.length }, (_, row) => this.at(row)?.length ?? 0);
  }
}

/** Rows without values. @implements {TableColumn} */
export class NullColumn {
  /** @param {number} length */
  constructor(length) {
    this.length = length;
  }

  at() {
    return null;
  }

  /** @param {number} begin @param {number} end */
  slice(begin, end) {
    return Array(end - begin).fill(null);
  }

  lengths() {
    return new Int32Array(this.length);
  }
}
