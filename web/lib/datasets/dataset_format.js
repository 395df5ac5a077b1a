// What cells look like when read: as they are, as torch tensors, or as NumPy's typed arrays; of which
// columns; or as a function makes them.
import { TunelabError } from "../core/errors.js";
import { stack, Tensor, tensor } from "../torch/tensor.js";

/**
 * How a dataset is read.
 * @typedef {object} Format
 * @property {"torch" | "numpy" | "custom" | null} type null: plain values
 * @property {readonly string[] | null} columns those that are read; null: all
 * @property {boolean} output_all_columns whether the others are read too, as plain values
 * @property {((batch: Record<string, any>) => Record<string, any>) | null} transform of type
 *   "custom": columns of rows in, columns out
 */

/** @type {Format} */
export const PLAIN = { type: null, columns: null, output_all_columns: false, transform: null };

/** Names of formats that Python knows too. */
const TYPES = /** @type {Record<string, Format["type"]>} */ ({
  torch: "torch",
  pt: "torch",
  pytorch: "torch",
  numpy: "numpy",
  np: "numpy",
  python: null,
});

/** @param {any} value */
const is_number = (value) => typeof value === "number" || typeof value === "boolean";

/** Numbers and lists of numbers become tensors; text stays text. @param {any} value */
function as_tensor(value) {
  const numeric = is_number(value) || (Array.isArray(value) && typeof value[0] !== "string");
  return numeric ? tensor(value) : value;
}

/** Lists of numbers become typed arrays: int32, or float32 if any is no integer. @param {any} value */
function as_array(value) {
  if (!Array.isArray(value) || !value.every(is_number)) return value;
  return value.every(Number.isInteger) ? Int32Array.from(value) : Float32Array.from(value);
}

/** Cells of one column together: tensors of one shape are one tensor. @param {any[]} cells */
function together(cells) {
  const [first] = cells;
  if (!(first instanceof Tensor)) return cells;
  const shape = String(first.shape);
  const alike = cells.every((each) => each instanceof Tensor && String(each.shape) === shape);
  return alike ? stack(cells) : cells;
}

/**
 * @typedef {object} Formatter
 * @property {(value: any) => any} cell one value
 * @property {(values: any[]) => any} list values of one column
 */

/** @type {Record<"torch" | "numpy", Formatter>} */
const FORMATTERS = {
  torch: {
    cell: as_tensor,
    list: (values) => together(values.map(as_tensor)),
  },
  numpy: { cell: as_array, list: (values) => as_array(values.map(as_array)) },
};

/**
 * @param {Format} format
 * @param {string} column
 * @returns {Formatter | undefined} undefined: the column is read as it is
 */
export function formatter_of({ type, columns }, column) {
  if (type === null || type === "custom") return undefined;
  return columns === null || columns.includes(column) ? FORMATTERS[type] : undefined;
}

/**
 * The columns that rows have.
 * @param {Format} format
 * @param {readonly string[]} all
 */
export function shown_columns({ columns, output_all_columns }, all) {
  return columns === null || output_all_columns
    ? all
    : all.filter((name) => columns.includes(name));
}

/**
 * @param {any} type
 * @param {{columns?: readonly string[] | null, output_all_columns?: boolean}} options
 * @param {readonly string[]} all the dataset's columns
 * @returns {Format}
 * @throws {TunelabError} for formats that are none, and columns that are not there
 */
export function format_from(type, { columns = null, output_all_columns = false }, all) {
  if (type !== null && type !== undefined && !Object.hasOwn(TYPES, type))
    throw new TunelabError(
      `set_format: there is no format ${type}; give "torch", "numpy", or null for plain values`,
    );
  const missing = columns?.filter((name) => !all.includes(name)) ?? [];
  if (missing.length > 0)
    throw new TunelabError(
      `Columns ${missing.join(", ")} not in the dataset. Current columns in the dataset: ${all.join(", ")}`,
    );
  return { type: TYPES[type] ?? null, columns, output_all_columns, transform: null };
}
