// Columns of integers, floats and labels: gathered as numbers, kept as narrow as a chunk allows.
import { Builder, kind_of_value, Misfit } from "./builder.js";
import { Growing } from "./growing.js";
import { INTEGER_RANGES, is_float, is_integer } from "./storage_type.js";
import { BigVector, NumberVector, NUMBER_ARRAYS } from "./vector.js";
import { WrittenFloat } from "./written_float.js";

/** @typedef {import("./vector.js").AnyVector} AnyVector */
/** @typedef {import("./vector.js").Validity} Validity */

/** Integers and floats; kept as narrow as a chunk's values allow, whatever the type's name. */
export class NumberBuilder extends Builder {
  /** @param {string} type @param {boolean} declared false: an integer type becomes float64 where a value needs it */
  constructor(type, declared) {
    super();
    this.type = type;
    this._declared = declared;
    this._values = new Growing(Float64Array);
    /** Integers that a number does not hold exactly, by row. @type {Map<number, bigint>} */
    this._large = new Map();
  }

  get bytes() {
    return this._values.length * 4;
  }

  _add_nothing() {
    this._values.push(0);
  }

  /** @param {any} value */
  _add(value) {
    const number = typeof value === "number" ? value : this._converted(value);
    if (!Number.isInteger(number) && is_integer(this.type)) {
      if (this._declared) throw new Misfit(this.type, "float64");
      this.type = "float64";
    }
    this._values.push(number);
  }

  /**
   * A list's numbers at once.
   * @param {ArrayLike<any>} values
   */
  add_all(values) {
    const { length } = values;
    for (let i = 0; i < length; ++i) this.add(values[i]);
  }

  /** @param {any} value @returns {number} */
  _converted(value) {
    if (typeof value === "bigint") {
      const number = Number(value);
      if (!Number.isSafeInteger(number)) this._large.set(this._values.length, value);
      return number;
    }
    if (value instanceof WrittenFloat) {
      if (!this._declared) this.type = "float64";
      return value.value;
    }
    if (!this._declared) throw new Misfit(this.type, kind_of_value(value));
    const number = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
    const convertible = typeof value === "boolean" || typeof value === "string";
    if (!convertible || (Number.isNaN(number) && !/^\s*[+-]?nan\s*$/i.test(String(value))))
      throw new Misfit(this.type, kind_of_value(value));
    return number;
  }

  /** @param {Float64Array} values */
  _check_range(values) {
    const [least, greatest] = INTEGER_RANGES[this.type];
    // Among the numbers the large ones stand rounded, perhaps up to just beyond the type's end.
    for (const value of range_of(values))
      if (value < Number(least) || value > Number(greatest)) throw new Misfit(this.type, null);
    for (const value of this._large.values())
      if (value < least || value > greatest) throw new Misfit(this.type, null);
  }

  /** @returns {AnyVector} */
  take() {
    const values = this._values.lend();
    const large = this._large;
    if (is_integer(this.type)) this._check_range(values);
    const validity = this._take_validity();
    this._large = new Map();
    if (large.size > 0 && is_integer(this.type)) return exact_vector(values, large, validity);
    return new NumberVector(...narrowed(values, this.type), validity);
  }
}

/** @param {Float64Array} values @returns {[least: number, greatest: number]} zero among them */
function range_of(values) {
  let least = 0;
  let greatest = 0;
  for (let i = 0; i < values.length; ++i) {
    if (values[i] < least) least = values[i];
    else if (values[i] > greatest) greatest = values[i];
  }
  return [least, greatest];
}

/** @param {Float64Array} values @param {Map<number, bigint>} large @param {Validity | null} validity */
function exact_vector(values, large, validity) {
  const exact = Array.from(values, (value, row) => large.get(row) ?? BigInt(value));
  return exact.some((value) => value > 2n ** 63n - 1n)
    ? new BigVector("u64", BigUint64Array.from(exact), validity)
    : new BigVector("i64", BigInt64Array.from(exact), validity);
}

/**
 * A copy, as narrow as may be.
 * @param {Float64Array} values
 * @param {string} type
 * @returns {[import("./vector.js").NumberKind, import("./vector.js").NumberValues]}
 */
function narrowed(values, type) {
  if (is_float(type))
    return type === "float64" ? ["f64", values.slice()] : ["f32", new Float32Array(values)];
  const [least, greatest] = range_of(values);
  for (const kind of /** @type {const} */ (["i8", "i16", "i32"])) {
    const [low, high] = INTEGER_RANGES[`int${kind.slice(1)}`];
    if (least >= low && greatest <= high) return [kind, new NUMBER_ARRAYS[kind](values)];
  }
  return ["f64", values.slice()];
}

/** Labels: their names become their integers. */
export class LabelBuilder extends NumberBuilder {
  /** @param {any} label a ClassLabel */
  constructor(label) {
    super("int64", true);
    this._label = label;
  }

  /** @param {any} value */
  _add(value) {
    super._add(this._label.encode_example(value instanceof WrittenFloat ? value.value : value));
  }
}
