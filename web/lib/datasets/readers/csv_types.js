// The types of CSV columns: the narrowest that all cells fit, as pandas finds them.
import { ClassLabel, Value } from "../features.js";

/** @typedef {import("../features.js").Feature} Feature */

/** From narrow to wide; bool widens to text only; "absent": cells such as NA alone. @typedef {"null" | "absent" | "int64" | "bool" | "float64" | "string"} CellType */

const INTEGER = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const INFINITE = /^\s*([+-]?)inf(inity)?\s*$/i;
const BOOL = /^(true|false)$/i;

/** What pandas takes for no value. Between numbers it is none here either; between texts it is text. */
const ABSENT = new Set(
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split(
    "|",
  ),
);

/** Integers of so many digits are exact as numbers. */
const EXACT_DIGITS = 15;

/** @param {string} cell not empty @returns {CellType} */
function type_of_cell(cell) {
  if (INTEGER.test(cell)) return in_int64(cell) ? "int64" : "float64";
  if (NUMBER.test(cell) || INFINITE.test(cell)) return "float64";
  if (ABSENT.has(cell)) return "absent";
  return BOOL.test(cell) ? "bool" : "string";
}

/** @param {string} cell an integer */
function in_int64(cell) {
  if (cell.length <= EXACT_DIGITS) return true;
  const integer = BigInt(cell);
  return BigInt.asIntN(64, integer) === integer;
}

/** @param {CellType} one @param {CellType} other @returns {CellType} what holds both */
function wider(one, other) {
  if (one === other || other === "null") return one;
  if (one === "null" || one === "absent") return other;
  if (other === "absent") return one;
  const numbers = [one, other].every((type) => type === "int64" || type === "float64");
  return numbers ? "float64" : "string";
}

/**
 * @param {readonly string[]} cells an empty one fits any type
 * @param {CellType} type of the cells before
 * @returns {CellType}
 */
export function widened(cells, type) {
  let found = type;
  for (let row = 0; row < cells.length && found !== "string"; ++row)
    if (cells[row] !== "") found = wider(found, type_of_cell(cells[row]));
  return found;
}

/** What is no number stays text, so that whoever refuses it can show it. @param {string} cell */
function number_or_text(cell) {
  const number = Number(cell);
  if (!Number.isNaN(number)) return number;
  const infinite = INFINITE.exec(cell);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  return ABSENT.has(cell) ? null : cell;
}

/** @param {string} cell */
const big_or_text = (cell) => (INTEGER.test(cell) ? BigInt(cell) : number_or_text(cell));

/**
 * The type that a column's cells are read as.
 * @param {Feature | undefined} feature the declared one, if any
 * @param {CellType} found in the cells
 * @returns {string} a label's cells are names or numbers, as they show
 */
export function dtype_of_cells(feature, found) {
  if (!feature || feature instanceof ClassLabel) return feature_of_cells(found).dtype;
  if (/^u?int/.test(feature.dtype)) return "int64";
  return /^float/.test(feature.dtype) ? "float64" : feature.dtype;
}

/**
 * Cells as values of a type; an empty one is null.
 * @param {readonly string[]} cells
 * @param {string} dtype text for what is neither a number nor a truth value
 * @returns {any[]}
 */
export function values_of_cells(cells, dtype) {
  /** @type {(cell: string) => any} */
  let convert = (cell) => cell;
  if (dtype === "int64")
    convert = (cell) => (cell.length <= EXACT_DIGITS ? number_or_text(cell) : big_or_text(cell));
  if (dtype === "float64") convert = number_or_text;
  if (dtype === "bool")
    convert = (cell) =>
      BOOL.test(cell) ? cell.toLowerCase() === "true" : ABSENT.has(cell) ? null : cell;
  return cells.map((cell) => (cell === "" ? null : convert(cell)));
}

/** @param {CellType} type @returns {Feature} */
export const feature_of_cells = (type) => new Value(type === "absent" ? "string" : type);
