// Which old types still hold for a column that a function made anew: a label stays a ClassLabel while
// its values are integers.
import {
  is_binary,
  is_date,
  is_float,
  is_integer,
  type_of_feature,
} from "../table/storage_type.js";
import { memory_table } from "../table/table_writer.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("../table/storage_type.js").StorageType} StorageType */

/** @param {StorageType} type */
const is_text = (type) => type === "string" || type === "large_string";

/** Types of one of these kinds hold each other's values, if they are wide enough. */
const KINDS = [is_integer, is_text, is_binary, is_date, is_float];

/**
 * @param {StorageType} old
 * @param {StorageType} found
 * @returns {boolean}
 */
function holds(old, found) {
  if (found === "null" || old === found) return true;
  if (typeof old === "string")
    return (
      KINDS.some((is_kind) => is_kind(old) && is_kind(found)) ||
      (is_float(old) && is_integer(found))
    );
  if (typeof found === "string") return false;
  if ("list" in old) return "list" in found && holds(old.list, found.list);
  if (!("struct" in found)) return false;
  const names = Object.keys(old.struct);
  return (
    names.length === Object.keys(found.struct).length &&
    names.every((name) => name in found.struct && holds(old.struct[name], found.struct[name]))
  );
}

/**
 * The old type of a column if it holds the new values, as the datasets library keeps it.
 * @param {string} name
 * @param {import("../features.js").Feature} old
 * @param {ArrayLike<any>} values the first rows'
 * @returns {Features} with the column, or empty: its type is to be found
 */
export function fitting_feature(name, old, values) {
  const found = memory_table({ [name]: values }).features[name];
  const fits = holds(type_of_feature(old, name), type_of_feature(found, name));
  return fits ? { [name]: old } : {};
}
