// JSON with all that its numbers tell: 5.0 is a float, long integers keep their digits, and NaN and
// Infinity, which Python writes, are read.
import { WrittenFloat } from "../table/written_float.js";

/** Where a number may stand that JSON.parse would change: a whole float, an exponent, 16 digits or more. */
const CHANGED = /[:[,]\s*-?\d+(?:\.0+[\s,}\]]|(?:\.\d+)?[eE]|\d{15})/;

/** Strings, which stay as they are, and numbers. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const INTEGER = /^-?\d+$/;

/** Begins the strings that numbers go through JSON.parse as; no text begins so. */
const MARK = "\u0000number:";
const MARK_IN_JSON = JSON.stringify(MARK).slice(0, -1);

/** @param {string} token */
function marked(token) {
  if (token[0] === '"') return token;
  const number = Number(token);
  const kept = INTEGER.test(token) ? Number.isSafeInteger(number) : number % 1 !== 0;
  return kept && Number.isFinite(number) ? token : `${MARK_IN_JSON}${token}"`;
}

/** @param {string} token @returns {bigint | number | WrittenFloat} */
function number_of(token) {
  if (!INTEGER.test(token)) {
    const number = Number(token);
    return Number.isInteger(number) ? new WrittenFloat(number) : number;
  }
  const integer = BigInt(token);
  return BigInt.asIntN(64, integer) === integer ? integer : new WrittenFloat(Number(token));
}

/** @param {string} text */
const parsed_marked = (text) =>
  JSON.parse(text.replace(TOKENS, marked), (_key, value) =>
    typeof value === "string" && value.startsWith(MARK)
      ? number_of(value.slice(MARK.length))
      : value,
  );

/**
 * @param {string} text
 * @returns {any} as JSON.parse; but whole numbers written as floats are WrittenFloat, and integers that a number
 *   does not hold are BigInt (floats beyond 64 bits, as in Arrow)
 * @throws {SyntaxError} as JSON.parse
 */
export function parse_json_exactly(text) {
  if (CHANGED.test(text)) return parsed_marked(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return parsed_marked(text);
  }
}
