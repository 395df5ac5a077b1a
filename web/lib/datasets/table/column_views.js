// Columns made of others without copying: some rows of one in any order, and several end to end.

/**
 * What a table's columns have in common. Rows count from 0; reading is synchronous.
 * @typedef {object} TableColumn
 * @property {number} length
 * @property {(row: number) => any} at one row's value; null where it has none
 * @property {(begin: number, end: number) => any[]} slice rows [begin, end)
 * @property {() => Int32Array} lengths items of each row of a column of lists or texts (bytes)
 */

/** Rows of a column, picked by their numbers. @implements {TableColumn} */
export class TakenColumn {
  /** @param {TableColumn} base @param {Int32Array} rows */
  constructor(base, rows) {
    this._base = base;
    this._rows = rows;
    this.length = rows.length;
  }

  /** @param {number} row */
  at(row) {
    return this._base.at(this._rows[row]);
  }

  /**
   * Rows that follow each other in the base are read together.
   * @param {number} begin @param {number} end
   */
  slice(begin, end) {
    const made = new Array(end - begin);
    for (let row = begin; row < end;) {
      const first = this._rows[row];
      let until = row + 1;
      while (until < end && this._rows[until] === first + until - row) ++until;
      if (until === row + 1) made[row - begin] = this._base.at(first);
      else {
        const run = this._base.slice(first, first + until - row);
        for (let i = 0; i < run.length; ++i) made[row - begin + i] = run[i];
      }
      row = until;
    }
    return made;
  }

  lengths() {
    const all = this._base.lengths();
    return this._rows.map((row) => all[row]);
  }
}

/** Columns one after the other. @implements {TableColumn} */
export class JoinedColumn {
  /** @param {readonly TableColumn[]} parts at least one */
  constructor(parts) {
    this._parts = parts;
    /** @type {number[]} */
    this._starts = [0];
    for (const part of parts)
      this._starts.push(this._starts[this._starts.length - 1] + part.length);
    this.length = this._starts[parts.length];
  }

  /** @param {number} row */
  at(row) {
    const part = this._starts.findLastIndex((start) => start <= row);
    return this._parts[part].at(row - this._starts[part]);
  }

  /** @param {number} begin @param {number} end */
  slice(begin, end) {
    return this._parts.flatMap((part, i) => {
      const from = Math.max(begin, this._starts[i]);
      const to = Math.min(end, this._starts[i + 1]);
      return from < to ? part.slice(from - this._starts[i], to - this._starts[i]) : [];
    });
  }

  lengths() {
    const made = new Int32Array(this.length);
    this._parts.forEach((part, i) => made.set(part.lengths(), this._starts[i]));
    return made;
  }
}
