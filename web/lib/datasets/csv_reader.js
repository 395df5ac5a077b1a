// CSV and TSV text to columns: quotes, line ends, ragged lines, empty cells, and the type of each
// column.
import { parse } from "csv-parse/browser/esm/sync";
import { error_text, TunelabError } from "../core/errors.js";

/** Python's csv.QUOTE_MINIMAL and csv.QUOTE_NONE, as `quoting` takes them. */
export const QUOTE_MINIMAL = 0;
export const QUOTE_NONE = 3;

/**
 * @typedef {object} CsvOptions
 * @property {string} [delimiter] default "," (a tab for .tsv files)
 * @property {number} [quoting] 0: cells may stand in double quotes (default); 3: quotes are text
 *   (default for .tsv files, whose sentences often hold single quote marks)
 * @property {readonly string[]} [column_names] the names, where the file has no header line
 */

/** @param {string} cell */
const is_number = (cell) => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(cell);

/** @param {string} cell */
const is_bool = (cell) => /^(true|false)$/i.test(cell);

/**
 * Cells to values: numbers or booleans if every cell that is not empty is one, else text. An empty
 * cell is null.
 * @param {string[]} cells
 */
function typed(cells) {
  const filled = cells.filter((cell) => cell !== "");
  if (filled.length === 0) return cells.map(() => null);
  /** @type {(cell: string) => any} */
  let convert = String;
  if (filled.every(is_number)) convert = Number;
  else if (filled.every(is_bool)) convert = (cell) => cell.toLowerCase() === "true";
  return cells.map((cell) => (cell === "" ? null : convert(cell)));
}

/**
 * @param {string} text
 * @param {CsvOptions & {delimiter: string, quoting: number}} options
 * @param {string} location for messages
 * @returns {string[][]}
 */
function lines_of(text, options, location) {
  try {
    return parse(text, {
      delimiter: options.delimiter,
      quote: options.quoting === QUOTE_NONE ? null : '"',
      relax_column_count: true, // checked below, with a clearer sentence
      skip_empty_lines: true,
    });
  } catch (error) {
    throw new TunelabError(`${location}: ${error_text(error)}`, "TL_ERR_FORMAT", error);
  }
}

/**
 * @param {string} text
 * @param {CsvOptions} options
 * @param {string} location for messages
 * @returns {Record<string, any[]>} columns
 * @throws {TunelabError} TL_ERR_FORMAT for lines of other lengths than the header, naming the line
 */
export function read_csv(text, options, location) {
  const tabs = location.endsWith(".tsv");
  const { delimiter = tabs ? "\t" : ",", quoting = tabs ? QUOTE_NONE : QUOTE_MINIMAL } = options;
  const lines = lines_of(text, { ...options, delimiter, quoting }, location);
  const names = options.column_names ?? lines.shift();
  if (!names)
    throw new TunelabError(
      `${location} is empty; expected a header line with the columns' names`,
      "TL_ERR_FORMAT",
    );
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new TunelabError(`${location} has two columns named ${twice}`, "TL_ERR_FORMAT");
  const ragged = lines.findIndex((line) => line.length !== names.length);
  if (ragged >= 0)
    throw new TunelabError(
      `${location}: row ${ragged} has ${lines[ragged].length} cells where the header has ${names.length} ` +
        `(it begins ${JSON.stringify(lines[ragged][0].slice(0, 40))}); quote cells that hold the delimiter`,
      "TL_ERR_FORMAT",
    );
  return Object.fromEntries(names.map((name, i) => [name, typed(lines.map((line) => line[i]))]));
}
