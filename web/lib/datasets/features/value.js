// Value: a column of numbers, truth values, text or bytes, of one of Arrow's types.
import { TunelabError } from "../../core/errors.js";
import { inspect_as_text } from "./inspect_as_text.js";

const DTYPES =
  /^(null|bool|u?int(8|16|32|64)|float(16|32|64)|date(32|64)|(large_)?binary|binary_view|(large_)?string|string_view|time32\[m?s\]|time64\[[un]s\]|(timestamp|duration)\[([mun]?s)(, tz=[^\]]+)?\]|decimal(128|256)\(\d+, *-?\d+\))$/;

/** Other names of the same types. */
const ALIASES = /** @type {Record<string, string>} */ ({ double: "float64", float: "float32" });

/** @param {string} dtype */
const is_integer_type = (dtype) => /^u?int/.test(dtype);

/** @param {string} dtype */
const is_float_type = (dtype) => /^float/.test(dtype);

/** Text in any of Arrow's widths. @param {{dtype?: any}} feature */
export const is_text = ({ dtype }) => /^(large_)?string(_view)?$/.test(dtype);

/** Whether a name stands for a type of Value. @param {string} dtype */
export const is_dtype = (dtype) => DTYPES.test(ALIASES[dtype] ?? dtype);

/**
 * @param {any} value
 * @param {string} dtype for messages
 */
function as_number(value, dtype) {
  const number = Number(value);
  const is_nan = Number.isNaN(number) && !/^\s*[+-]?nan\s*$/i.test(String(value));
  if (is_nan || (typeof value === "string" && value.trim() === ""))
    throw new TunelabError(`${JSON.stringify(value)} is no number, as the type ${dtype} wants it`);
  return number;
}

export class Value {
  /**
   * @param {string} dtype "string", "int64", "float32", "bool", "null", …: Arrow's names
   * @throws {TunelabError} for a name that is none
   */
  constructor(dtype) {
    if (!is_dtype(dtype))
      throw new TunelabError(
        `${dtype} is no type of Arrow's; expected "string", "int64", "float32", "bool" or another of its names`,
      );
    this.dtype = ALIASES[dtype] ?? dtype;
  }

  /**
   * A value as the column holds it: text to numbers where numbers are wanted, anything to text where
   * text is.
   * @param {any} value
   * @returns {any}
   * @throws {TunelabError} for text that is no number
   */
  encode_example(value) {
    if (value === null || value === undefined) return null;
    if (this.dtype === "bool") return Boolean(value);
    if (is_integer_type(this.dtype)) return Math.trunc(as_number(value, this.dtype));
    if (is_float_type(this.dtype)) return as_number(value, this.dtype);
    return is_text(this) ? String(value) : value;
  }

  toString() {
    return `Value('${this.dtype}')`;
  }
}
inspect_as_text(Value);
