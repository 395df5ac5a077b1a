// Columns of truth values, points in time, text and bytes.
import { Builder, kind_of_value, Misfit } from "./builder.js";
import { Growing } from "./growing.js";
import { BinaryVector, BoolVector, DateVector, TextVector } from "./vector.js";

const utf8 = new TextEncoder();

export class BoolBuilder extends Builder {
  constructor() {
    super();
    this.type = "bool";
    this._values = new Growing(Uint8Array);
  }

  get bytes() {
    return this._values.length;
  }

  _add_nothing() {
    this._values.push(0);
  }

  /** @param {any} value */
  _add(value) {
    if (typeof value !== "boolean") throw new Misfit("bool", kind_of_value(value));
    this._values.push(Number(value));
  }

  take() {
    return new BoolVector(this._values.take(), this._take_validity());
  }
}

export class DateBuilder extends Builder {
  /** @param {string} type */
  constructor(type) {
    super();
    this.type = type;
    this._values = new Growing(Float64Array);
  }

  get bytes() {
    return this._values.length * 8;
  }

  _add_nothing() {
    this._values.push(0);
  }

  /** @param {any} value */
  _add(value) {
    if (!(value instanceof Date)) throw new Misfit(this.type, kind_of_value(value));
    this._values.push(value.getTime());
  }

  take() {
    return new DateVector(this._values.take(), this._take_validity());
  }
}

/** Text, as UTF-8. */
export class TextBuilder extends Builder {
  /** @param {string} type @param {boolean} declared numbers and booleans are then written out */
  constructor(type, declared) {
    super();
    this.type = type;
    this._declared = declared;
    this._offsets = started();
    this._values = new Growing(Uint8Array);
    this._ascii = true;
  }

  get bytes() {
    return this._values.length + this._offsets.length * 4;
  }

  _add_nothing() {
    this._offsets.push(this._values.length);
  }

  /** @param {any} value text, or text as UTF-8 where it is declared */
  _add(value) {
    if (this._declared && value instanceof Uint8Array) this._add_range(value, 0, value.length);
    else this._add_text(typeof value === "string" ? value : this._converted(value));
    this._offsets.push(this._values.length);
  }

  /** @param {import("./lent_texts.js").LentTexts} texts copied @param {number} begin @param {number} end */
  add_texts({ bytes, starts, ends }, begin, end) {
    for (let row = begin; row < end; ++row) {
      if (starts[row] < 0) this.add(null);
      else {
        this._add_range(bytes, starts[row], ends[row]);
        this._offsets.push(this._values.length);
        this._present?.push(1);
        ++this.length;
      }
    }
  }

  /** @param {Uint8Array} bytes @param {number} begin @param {number} end */
  _add_range(bytes, begin, end) {
    this._values.reserve(end - begin);
    const { values, length } = this._values;
    let seen = 0;
    for (let i = begin; i < end; ++i) seen |= values[length + i - begin] = bytes[i];
    if (seen >= 128) this._ascii = false;
    this._values.length += end - begin;
  }

  /** @param {string} text */
  _add_text(text) {
    this._values.reserve(3 * text.length);
    const { written } = utf8.encodeInto(text, this._values.values.subarray(this._values.length));
    if (written !== text.length) this._ascii = false;
    this._values.length += written;
  }

  /** @param {any} value */
  _converted(value) {
    const kind = kind_of_value(value);
    if (!this._declared || !["int64", "float64", "bool"].includes(kind))
      throw new Misfit(this.type, kind);
    return String(value);
  }

  take() {
    const kind = this._ascii ? "ascii" : "utf8";
    this._ascii = true;
    const offsets = restarted(this._offsets);
    return new TextVector(kind, offsets, this._values.take(), this._take_validity());
  }
}

export class BinaryBuilder extends Builder {
  /** @param {string} type */
  constructor(type) {
    super();
    this.type = type;
    this._offsets = started();
    this._values = new Growing(Uint8Array);
  }

  get bytes() {
    return this._values.length + this._offsets.length * 4;
  }

  _add_nothing() {
    this._offsets.push(this._values.length);
  }

  /** @param {any} value */
  _add(value) {
    if (!(value instanceof Uint8Array)) throw new Misfit(this.type, kind_of_value(value));
    this._values.append(value);
    this._offsets.push(this._values.length);
  }

  take() {
    return new BinaryVector(restarted(this._offsets), this._values.take(), this._take_validity());
  }
}

/** Offsets of no rows yet. */
export function started() {
  const offsets = new Growing(Int32Array);
  offsets.push(0);
  return offsets;
}

/** @param {Growing<Int32Array>} offsets @returns {Int32Array} what was gathered; they begin anew */
export function restarted(offsets) {
  const taken = offsets.take();
  offsets.push(0);
  return taken;
}
