// The types of CSV columns: the narrowest that all cells fit, as pandas finds them.
import { ClassLabel, Value } from "../features.js";

/** @typedef {import("../features.js").Feature} Feature */

/**
 * From narrow to wide; bool widens to text only. "absent": cells such as NA alone; "natural": an int64 that is not
 * negative, and so may stand beside a uint64; "digits": integers that no type of 64 bits holds together.
 * @typedef {"null" | "absent" | "natural" | "int64" | "uint64" | "digits" | "bool" | "float64" | "string"} CellType
 */

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
  if (INTEGER.test(cell)) return type_of_integer(cell);
  if (NUMBER.test(cell) || INFINITE.test(cell)) return "float64";
  if (ABSENT.has(cell)) return "absent";
  return BOOL.test(cell) ? "bool" : "string";
}

/** @param {string} cell @returns {CellType} */
function type_of_integer(cell) {
  if (cell.length <= EXACT_DIGITS) return Number(cell) < 0 ? "int64" : "natural";
  const integer = big_of(cell);
  if (BigInt.asIntN(64, integer) === integer) return integer < 0n ? "int64" : "natural";
  return BigInt.asUintN(64, integer) === integer ? "uint64" : "digits";
}

/** BigInt of an integer's text, which may have a sign and spaces. @param {string} cell */
const big_of = (cell) => BigInt(cell.trim().replace("+", ""));

const INTEGERS = ["natural", "int64", "uint64", "digits"];

/** @param {CellType} one @param {CellType} other @returns {CellType} what holds both */
function wider(one, other) {
  if (one === other || other === "null") return one;
  if (one === "null" || one === "absent") return other;
  if (other === "absent") return one;
  const integers = [one, other].filter((type) => INTEGERS.includes(type));
  if (integers.length === 2)
    return integers.includes("natural")
      ? /** @type {CellType} */ (integers.find((type) => type !== "natural"))
      : "digits";
  return integers.length === 1 && [one, other].includes("float64") ? "float64" : "string";
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
const big_or_text = (cell) => (INTEGER.test(cell) ? big_of(cell) : number_or_text(cell));

/**
 * The type that a column's cells are read as.
 * @param {Feature | undefined} feature the declared one, if any
 * @param {CellType} found in the cells
 * @returns {string} a label's cells are names or numbers, as they show
 */
export function dtype_of_cells(feature, found) {
  if (!feature || feature instanceof ClassLabel) return feature_of_cells(found).dtype;
  if (/^u?int/.test(feature.dtype)) return "int64"; // longer ones are refused by the column's type
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
  if (dtype === "int64" || dtype === "uint64")
    convert = (cell) => (cell.length <= EXACT_DIGITS ? number_or_text(cell) : big_or_text(cell));
  if (dtype === "float64") convert = number_or_text;
  if (dtype === "bool")
    convert = (cell) =>
      BOOL.test(cell) ? cell.toLowerCase() === "true" : ABSENT.has(cell) ? null : cell;
  return cells.map((cell) => (cell === "" ? null : convert(cell)));
}

/** What columns of cells are, where that is not what the cells' type is called. */
const DTYPES = /** @type {Record<string, string>} */ ({
  absent: "string",
  natural: "int64",
  digits: "string",
});

/** @param {CellType} type @returns {Feature} */
export const feature_of_cells = (type) => new Value(DTYPES[type] ?? type);
