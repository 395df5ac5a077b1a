// JSON Lines, or a JSON file that holds a list of objects, to rows.
import { error_text, TunelabError } from "../core/errors.js";

/** @param {unknown} row */
const is_row = (row) => typeof row === "object" && row !== null && !Array.isArray(row);

/**
 * @param {string} text
 * @param {string} location
 * @returns {any}
 */
function parse_json(text, location) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TunelabError(`${location} is not JSON: ${error_text(error)}`, "TL_ERR_FORMAT", error);
  }
}

/**
 * @param {string} text one object a line, or a list of objects
 * @param {{field?: string}} options field: where in the file's object the list stands
 * @param {string} location for messages
 * @returns {Record<string, any>[]}
 */
export function read_json_rows(text, options, location) {
  const whole = options.field !== undefined || text.trimStart().startsWith("[");
  const rows = whole ? parse_json(text, location) : json_lines(text, location);
  const list = options.field === undefined ? rows : rows?.[options.field];
  if (!Array.isArray(list))
    throw new TunelabError(`${location} holds no list of rows`, "TL_ERR_FORMAT");
  const odd = list.findIndex((row) => !is_row(row));
  if (odd >= 0)
    throw new TunelabError(
      `${location}: row ${odd} is ${JSON.stringify(list[odd])}; expected an object`,
      "TL_ERR_FORMAT",
    );
  return list;
}

/** @param {string} text @param {string} location */
function json_lines(text, location) {
  return text
    .split("\n")
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }) => parse_json(line, `${location}, line ${number},`));
}
