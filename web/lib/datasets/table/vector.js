// Some rows of one column as typed arrays: what a chunk of a table is in memory. `at` and `slice`
// turn rows into plain values.
import { TunelabError } from "../../core/errors.js";

/** @typedef {Int8Array | Int16Array | Int32Array | Float32Array | Float64Array} NumberValues */

/** The kinds whose values are plain numbers, and the arrays that hold them. */
export const NUMBER_ARRAYS = /** @type {const} */ ({
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
});

/** @typedef {keyof typeof NUMBER_ARRAYS} NumberKind */

/** Which rows have a value: one bit a row, the first row's being bit `first` of the first byte. */
export class Validity {
  /** @param {Uint8Array} bits @param {number} [first] */
  constructor(bits, first = 0) {
    this.bits = bits;
    this.first = first;
  }

  /** @param {number} row */
  has(row) {
    const bit = row + this.first;
    return ((this.bits[bit >> 3] >> (bit & 7)) & 1) === 1;
  }
}

/** What all vectors share. Subclasses tell a row's value, given that it has one. */
export class Vector {
  /**
   * @param {number} length rows
   * @param {Validity | null} validity null: every row has a value
   */
  constructor(length, validity) {
    this.length = length;
    this.validity = validity;
  }

  /** @param {number} _row @returns {any} */
  value(_row) {
    throw new TunelabError("a vector of no kind has no values", "TL_ERR_UNSUPPORTED");
  }

  /** Row `row` as a plain value; null where it has none. @param {number} row */
  at(row) {
    return this.validity && !this.validity.has(row) ? null : this.value(row);
  }

  /** @param {number} begin @param {number} end @returns {any[]} rows [begin, end) */
  slice(begin, end) {
    const made = new Array(end - begin);
    for (let row = begin; row < end; ++row) made[row - begin] = this.at(row);
    return made;
  }
}

/** Rows without any value. */
export class NullVector extends Vector {
  /** @param {number} length */
  constructor(length) {
    super(length, null);
    this.kind = "null";
  }

  value() {
    return null;
  }
}

export class NumberVector extends Vector {
  /** @param {NumberKind} kind @param {NumberValues} values @param {Validity | null} validity */
  constructor(kind, values, validity) {
    super(values.length, validity);
    this.kind = kind;
    this.values = values;
  }

  /** @param {number} row */
  value(row) {
    return this.values[row];
  }

  /** @param {number} begin @param {number} end */
  slice(begin, end) {
    if (this.validity) return super.slice(begin, end);
    const made = new Array(end - begin);
    for (let row = begin; row < end; ++row) made[row - begin] = this.values[row];
    return made;
  }
}

/** 64-bit integers, of which some are beyond what a number holds exactly: those come as BigInt. */
export class BigVector extends Vector {
  /** @param {"i64" | "u64"} kind @param {BigInt64Array | BigUint64Array} values @param {Validity | null} validity */
  constructor(kind, values, validity) {
    super(values.length, validity);
    this.kind = kind;
    this.values = values;
  }

  /** @param {number} row */
  value(row) {
    const number = Number(this.values[row]);
    return Number.isSafeInteger(number) ? number : this.values[row];
  }
}

export class BoolVector extends Vector {
  /** @param {Uint8Array} values 0 or 1 @param {Validity | null} validity */
  constructor(values, validity) {
    super(values.length, validity);
    this.kind = "bool";
    this.values = values;
  }

  /** @param {number} row */
  value(row) {
    return this.values[row] === 1;
  }
}

export class DateVector extends Vector {
  /** @param {Float64Array} values milliseconds since 1970 @param {Validity | null} validity */
  constructor(values, validity) {
    super(values.length, validity);
    this.kind = "date";
    this.values = values;
  }

  /** @param {number} row */
  value(row) {
    return new Date(this.values[row]);
  }
}

/** What rows of any length have in common: row i is items [offsets[i], offsets[i + 1]) - offsets[0]. */
class OffsetVector extends Vector {
  /** @param {Int32Array} offsets one more than rows @param {Validity | null} validity */
  constructor(offsets, validity) {
    super(offsets.length - 1, validity);
    this.offsets = offsets;
    this.base = offsets[0];
  }

  /** Items of each row, 0 where there is no value. */
  lengths() {
    return Int32Array.from(
      { length: this.length },
      (_, row) => this.offsets[row + 1] - this.offsets[row],
    );
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Text as UTF-8; kind "ascii" if every byte is a character by itself. */
export class TextVector extends OffsetVector {
  /**
   * @param {"utf8" | "ascii"} kind
   * @param {Int32Array} offsets
   * @param {Uint8Array} values
   * @param {Validity | null} validity
   */
  constructor(kind, offsets, values, validity) {
    super(offsets, validity);
    this.kind = kind;
    this.values = values;
  }

  /** @param {number} row */
  value(row) {
    const begin = this.offsets[row] - this.base;
    return decoder.decode(this.values.subarray(begin, this.offsets[row + 1] - this.base));
  }

  /**
   * ASCII rows are cut out of one string, many times faster than decoding each.
   * @param {number} begin @param {number} end
   */
  slice(begin, end) {
    if (this.kind !== "ascii") return super.slice(begin, end);
    const { offsets, base, validity } = this;
    const text = decoder.decode(this.values.subarray(offsets[begin] - base, offsets[end] - base));
    const first = offsets[begin];
    const made = new Array(end - begin);
    for (let row = begin; row < end; ++row)
      made[row - begin] =
        validity && !validity.has(row)
          ? null
          : text.slice(offsets[row] - first, offsets[row + 1] - first);
    return made;
  }
}

export class BinaryVector extends OffsetVector {
  /** @param {Int32Array} offsets @param {Uint8Array} values @param {Validity | null} validity */
  constructor(offsets, values, validity) {
    super(offsets, validity);
    this.kind = "binary";
    this.values = values;
  }

  /** @param {number} row */
  value(row) {
    return this.values.slice(this.offsets[row] - this.base, this.offsets[row + 1] - this.base);
  }
}

export class ListVector extends OffsetVector {
  /** @param {Int32Array} offsets @param {AnyVector} items @param {Validity | null} validity */
  constructor(offsets, items, validity) {
    super(offsets, validity);
    this.kind = "list";
    this.items = items;
  }

  /** @param {number} row @returns {any[]} */
  value(row) {
    return this.items.slice(this.offsets[row] - this.base, this.offsets[row + 1] - this.base);
  }
}

/** Rows that are objects: a vector a key. */
export class StructVector extends Vector {
  /** @param {number} length @param {Record<string, AnyVector>} fields @param {Validity | null} validity */
  constructor(length, fields, validity) {
    super(length, validity);
    this.kind = "struct";
    this.fields = fields;
  }

  /** @param {number} row @returns {Record<string, any>} */
  value(row) {
    /** @type {Record<string, any>} */
    const made = {};
    for (const [name, field] of Object.entries(this.fields)) made[name] = field.at(row);
    return made;
  }
}

/**
 * @typedef {NullVector | NumberVector | BigVector | BoolVector | DateVector | TextVector |
 *   BinaryVector | ListVector | StructVector} AnyVector
 */
