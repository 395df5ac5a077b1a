// A dataset's column as people see it: read when it is asked for, and used like an array.
import { inspect_as_text } from "./features/inspect_as_text.js";
import { python_repr } from "./features/python_repr.js";

/** Rows read at a time in passing over a column. */
const STEP = 1000;

/** @param {any} value */
const shown = (value) => (typeof value === "string" ? python_repr(value) : JSON.stringify(value));

/** @type {ProxyHandler<Column>} rows by number */
const by_row = {
  get(column, key, receiver) {
    if (typeof key === "symbol" || !/^\d+$/.test(key)) return Reflect.get(column, key, receiver);
    const row = Number(key);
    return row < column.length ? column._at(row) : undefined;
  },
};

/**
 * `column[3]`, `column.at(-1)`, `column.slice(0, 5)`, `for (const value of column)`, `[...column]`,
 * JSON.stringify, and an array's methods that change nothing.
 */
export class Column {
  /**
   * @param {import("./table/column_views.js").TableColumn} column
   * @param {import("./dataset_format.js").Formatter} [formatter] what values are shown as; default:
   *   as they are
   */
  constructor(column, formatter) {
    this._column = column;
    this._formatter = formatter;
    this.length = column.length;
    return new Proxy(this, by_row);
  }

  /** @param {number} row from 0 on @returns {any} */
  _at(row) {
    const value = this._column.at(row);
    return this._formatter ? this._formatter.cell(value) : value;
  }

  /** @param {number} begin @param {number} end @returns {any[]} */
  _slice(begin, end) {
    const values = this._column.slice(begin, end);
    return this._formatter ? values.map(this._formatter.cell) : values;
  }

  /** The number of items in each row of a column of lists. */
  lengths() {
    return this._column.lengths();
  }

  /** A value; negative rows count from the end. @param {number} row @returns {any} undefined outside */
  at(row) {
    const from_start = row < 0 ? row + this.length : row;
    return from_start >= 0 && from_start < this.length ? this._at(from_start) : undefined;
  }

  /**
   * Rows [begin, end) as an array, as Array.slice counts them; in the format "torch" one tensor, if all
   * rows are of one shape.
   * @param {number} [begin]
   * @param {number} [end]
   * @returns {any[]}
   */
  slice(begin = 0, end = this.length) {
    const place = (/** @type {number} */ row) =>
      Math.min(Math.max(row < 0 ? row + this.length : row, 0), this.length);
    if (place(begin) >= place(end)) return [];
    const values = this._column.slice(place(begin), place(end));
    return this._formatter ? this._formatter.list(values) : values;
  }

  /** All values as an array. */
  tolist() {
    return this._slice(0, this.length);
  }

  toJSON() {
    return this.tolist();
  }

  /** @returns {Generator<any>} */
  *[Symbol.iterator]() {
    for (let row = 0; row < this.length; row += STEP)
      yield* this._slice(row, Math.min(this.length, row + STEP));
  }

  *entries() {
    let row = 0;
    for (const value of this) yield /** @type {[number, any]} */ ([row++, value]);
  }

  /** @param {(value: any, row: number) => any} work */
  map(work) {
    const made = [];
    for (const [row, value] of this.entries()) made.push(work(value, row));
    return made;
  }

  /** @param {(value: any, row: number) => void} work */
  forEach(work) {
    for (const [row, value] of this.entries()) work(value, row);
  }

  /** @param {(value: any, row: number) => unknown} keep @returns {any[]} */
  filter(keep) {
    const made = [];
    for (const [row, value] of this.entries()) if (keep(value, row)) made.push(value);
    return made;
  }

  /** @param {(value: any, row: number) => unknown} test @returns {number} -1: none */
  findIndex(test) {
    for (const [row, value] of this.entries()) if (test(value, row)) return row;
    return -1;
  }

  /** @param {(value: any, row: number) => unknown} test @returns {any} */
  find(test) {
    const row = this.findIndex(test);
    return row < 0 ? undefined : this._at(row);
  }

  /** @param {(value: any, row: number) => unknown} test */
  some(test) {
    return this.findIndex(test) >= 0;
  }

  /** @param {(value: any, row: number) => unknown} test */
  every(test) {
    return !this.some((value, row) => !test(value, row));
  }

  /** @param {any} value */
  indexOf(value) {
    return this.findIndex((each) => each === value);
  }

  /** @param {any} value */
  includes(value) {
    return this.some((each) => Object.is(each, value));
  }

  /**
   * @template T
   * @param {(before: T, value: any, row: number) => T} work
   * @param {T} first
   * @returns {T}
   */
  reduce(work, first) {
    let result = first;
    for (const [row, value] of this.entries()) result = work(result, value, row);
    return result;
  }

  /** @param {string} [separator] */
  join(separator) {
    return this.tolist().join(separator);
  }

  toString() {
    const values = this._slice(0, Math.min(5, this.length)).map(shown).join(", ");
    return `Column([${values}${this.length > 5 ? ", ..." : ""}])`;
  }
}
inspect_as_text(Column);
