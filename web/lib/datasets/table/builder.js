// What the builders of all types share: which rows have a value, and what a value that does not fit
// is told by.
import { Growing } from "./growing.js";
import { type_name } from "./storage_type.js";
import { Validity } from "./vector.js";
import { WrittenFloat } from "./written_float.js";

/** @typedef {import("./storage_type.js").StorageType} StorageType */

/** A value that does not fit its column; whoever knows column and row makes a sentence of it. */
export class Misfit extends Error {
  /** @param {StorageType} type the column's @param {string | null} found the value's type; null: it is of the type, but too large */
  constructor(type, found) {
    super(`${type_name(type)} does not hold it`);
    this.expected = type_name(type);
    this.found = found;
  }
}

/** @param {any} value @returns {string} what inference calls its type */
export function kind_of_value(value) {
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "bigint") return "int64";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof Uint8Array) return "binary";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "list";
  if (value instanceof WrittenFloat) return "float64";
  if (value instanceof Date) return "timestamp[ms]";
  return typeof value === "object" ? "struct" : typeof value;
}

/** What builders share: which of their rows have a value. */
export class Builder {
  constructor() {
    this.length = 0;
    /** @type {Growing<Uint8Array> | null} a byte a row, once one is null */
    this._present = null;
  }

  /** @param {any} value null and undefined are no value */
  add(value) {
    if (value === null || value === undefined) {
      this._absent();
      this._add_nothing();
    } else {
      this._add(value);
      this._present?.push(1);
    }
    ++this.length;
  }

  _absent() {
    if (!this._present) {
      this._present = new Growing(Uint8Array);
      this._present.append(new Uint8Array(this.length).fill(1));
    }
    this._present.push(0);
  }

  _add_nothing() {}

  /** @param {any} _value */
  _add(_value) {}

  /** The rows' validity; this is empty then. */
  _take_validity() {
    const present = this._present?.take();
    this._present = null;
    this.length = 0;
    if (!present) return null;
    const bits = new Uint8Array((present.length + 7) >> 3);
    for (let row = 0; row < present.length; ++row) bits[row >> 3] |= present[row] << (row & 7);
    return new Validity(bits);
  }
}
