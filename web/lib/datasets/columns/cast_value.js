// Values from one type to another, as Arrow casts them: nothing is lost on the way, or it is an error.
import { TunelabError } from "../../core/errors.js";
import { ClassLabel, dtype_of, is_text } from "../features.js";
import { INTEGER_RANGES, is_float, is_integer } from "../table/storage_type.js";

/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {(value: any) => any} Cast of a value that is not null */

/** @param {any} value @param {string} dtype @param {string} [why] @returns {TunelabError} */
const refusal = (value, dtype, why = "") =>
  new TunelabError(`${JSON.stringify(value)} cannot become ${dtype}${why}`, "TL_ERR_FORMAT");

/** @param {any} value @param {string} dtype */
function to_number(value, dtype) {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  const number =
    typeof value === "string" && value.trim() === value && value !== "" ? Number(value) : NaN;
  const is_nan = typeof value === "string" && /^[+-]?nan$/i.test(value);
  if (Number.isNaN(number) && !is_nan) throw refusal(value, dtype);
  return number;
}

/** @param {any} value @param {string} dtype */
function to_integer(value, dtype) {
  const number = to_number(value, dtype);
  if (typeof number === "number" && !Number.isInteger(number))
    throw refusal(value, dtype, "; it would lose its fraction");
  const [least, greatest] = INTEGER_RANGES[dtype];
  if (number < least || number > greatest)
    throw refusal(value, dtype, `, which goes from ${least} to ${greatest}`);
  return number;
}

/** @param {any} value */
function to_bool(value) {
  if (typeof value === "string") {
    if (/^(true|1)$/i.test(value)) return true;
    if (/^(false|0)$/i.test(value)) return false;
    throw refusal(value, "bool");
  }
  return Boolean(to_number(value, "bool"));
}

/** @param {any} value */
function to_text(value) {
  if (typeof value === "object") throw refusal(value, "text");
  return String(value);
}

/** @param {ClassLabel} label @returns {Cast} */
const to_label = (label) => (value) =>
  label.encode_example(typeof value === "string" ? value : to_integer(value, "int64"));

/**
 * @param {Feature} from
 * @param {Feature} to
 * @param {string} name the column's, for messages
 * @returns {Cast | null} null: values stay as they are
 * @throws {TunelabError} for types of different shapes, such as lists and numbers
 */
export function cast_between(from, to, name) {
  if (String(from) === String(to) || dtype_of(from) === "null") return null;
  const shapes = [from, to]
    .map(dtype_of)
    .map((dtype) => (["list", "struct"].includes(dtype) ? dtype : ""));
  const fits = shapes[0] !== "struct" || Object.keys(from).every((key) => Object.hasOwn(to, key));
  if (shapes[0] !== shapes[1] || !fits)
    throw new TunelabError(`column ${name}: ${from} cannot be cast to ${to}`);
  if (shapes[0] === "list") {
    const cast = cast_between(from.feature, to.feature, name);
    return (
      cast && ((list) => list.map((/** @type {any} */ item) => (item === null ? null : cast(item))))
    );
  }
  if (shapes[0] === "struct") return cast_fields(from, to, name);
  if (to instanceof ClassLabel) return to_label(to);
  if (is_text(to)) return is_text(from) ? null : to_text;
  if (is_integer(to.dtype)) return (value) => to_integer(value, to.dtype);
  if (is_float(to.dtype)) return (value) => to_number(value, to.dtype);
  if (to.dtype === "bool") return to_bool;
  throw new TunelabError(`column ${name}: ${from} cannot be cast to ${to}`);
}

/** A key that `from` lacks is null. @param {Feature} from @param {Feature} to @param {string} name @returns {Cast} */
function cast_fields(from, to, name) {
  const casts = Object.keys(to).map((key) => ({
    key,
    cast: Object.hasOwn(from, key) ? cast_between(from[key], to[key], `${name}.${key}`) : null,
  }));
  return (dict) =>
    Object.fromEntries(
      casts.map(({ key, cast }) => {
        const value = Object.hasOwn(dict, key) ? dict[key] : null;
        return [key, cast && value !== null ? cast(value) : value];
      }),
    );
}
