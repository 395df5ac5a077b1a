// CSV and TSV files as batches of columns of text: quotes, line ends and ragged lines.
import { parse } from "csv-parse/browser/esm/sync";
import { error_text, TunelabError } from "../../core/errors.js";
import { table_pieces, whole_blocks } from "./text_pieces.js";
import { unpacked_name } from "./unpack.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("./read_file.js").RowSource} RowSource */

/** Python's csv.QUOTE_MINIMAL and csv.QUOTE_NONE, as `quoting` takes them. */
const QUOTE_MINIMAL = 0;
const QUOTE_NONE = 3;

/**
 * @typedef {object} CsvOptions
 * @property {string} [delimiter] default "," (a tab for .tsv files)
 * @property {number} [quoting] 0: cells may stand in double quotes (default); 3: quotes are text
 *   (default for .tsv files, whose sentences often hold single quote marks)
 * @property {readonly string[]} [column_names] the names, where the file has no header line
 */

/** The last line end that lies in no quoted cell: before it the quotes are even. @param {string} text */
function last_unquoted_line_end(text) {
  let end = 0;
  let quoted = false;
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const until = quote < 0 ? text.length : quote;
    if (!quoted) {
      const line_end = text.lastIndexOf("\n", until - 1);
      if (line_end >= at) end = line_end + 1;
    }
    quoted = quote < 0 ? quoted : !quoted;
    at = until + 1;
  }
  return end;
}

/** @param {string} text */
const last_line_end = (text) => text.lastIndexOf("\n") + 1;

/** @param {{delimiter: string, quoting: number}} dialect */
const parser_options = ({ delimiter, quoting }) => ({
  delimiter,
  quote: quoting === QUOTE_NONE ? null : '"',
  relax_column_count: true, // checked below, with a clearer sentence
  skip_empty_lines: true,
});

/**
 * Cells of text in which quotes mean nothing: they end where the delimiters are.
 * @param {string} text whole lines
 * @param {string} delimiter
 * @returns {string[][]}
 */
function unquoted_cells(text, delimiter) {
  const lines = text.split(text.includes("\n") ? /\r?\n/ : "\r");
  return lines.filter((line) => line !== "").map((line) => line.split(delimiter));
}

/**
 * @param {string} text whole lines
 * @param {{delimiter: string, quoting: number}} dialect
 * @param {string} location for messages
 * @returns {string[][]}
 */
function cells_of(text, dialect, location) {
  if (dialect.quoting === QUOTE_NONE || !text.includes('"'))
    return unquoted_cells(text, dialect.delimiter);
  try {
    return parse(text, parser_options(dialect));
  } catch (error) {
    throw new TunelabError(`${location}: ${error_text(error)}`, "TL_ERR_FORMAT", error);
  }
}

/** @param {readonly string[] | undefined} names @param {string} location */
function check_names(names, location) {
  if (!names)
    throw new TunelabError(
      `${location} is empty; expected a header line with the columns' names`,
      "TL_ERR_FORMAT",
    );
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new TunelabError(`${location} has two columns named ${twice}`, "TL_ERR_FORMAT");
  return names;
}

/**
 * @param {OpenFile} file stays open
 * @param {string} path
 * @param {CsvOptions} options
 * @param {string} location for messages
 * @returns {RowSource} its batches are cells as text
 */
export function open_csv(file, path, options, location) {
  const tabs = unpacked_name(path).endsWith(".tsv");
  const { delimiter = tabs ? "\t" : ",", quoting = tabs ? QUOTE_NONE : QUOTE_MINIMAL } = options;
  return {
    cells: true,
    async *batches() {
      const last_end = quoting === QUOTE_NONE ? last_line_end : last_unquoted_line_end;
      const pieces = table_pieces(file, path, location);
      const dialect = { delimiter, quoting };
      let names = options.column_names;
      let [row, line] = [0, 1];
      for await (const text of whole_blocks(pieces, last_end, location)) {
        const lines = cells_of(text, dialect, location);
        const header = names === undefined ? lines.shift() : undefined;
        names ??= check_names(header, location);
        const width = names.length;
        const ragged = lines.findIndex((cells) => cells.length !== width);
        if (ragged >= 0) {
          const within = ragged + (header ? 1 : 0);
          const last_line = line + line_of(text, within, dialect) - 1;
          throw ragged_row(lines[ragged], row + ragged, width, last_line, location);
        }
        yield Object.fromEntries(names.map((name, i) => [name, lines.map((cells) => cells[i])]));
        row += lines.length;
        line += text.split("\n").length - 1;
      }
      check_names(names, location);
    },
  };
}

/**
 * The line on which a row of a block ends, counted from 1.
 * @param {string} text
 * @param {number} row
 * @param {{delimiter: string, quoting: number}} dialect
 */
function line_of(text, row, dialect) {
  const rows = /** @type {any[]} */ (parse(text, { ...parser_options(dialect), info: true }));
  return rows[row].info.lines;
}

/**
 * @param {string[]} cells
 * @param {number} row
 * @param {number} expected
 * @param {number} line
 * @param {string} location
 */
function ragged_row(cells, row, expected, line, location) {
  return new TunelabError(
    `${location}: row ${row} has ${cells.length} cells where the header has ${expected} (line ${line}; ` +
      `it begins ${JSON.stringify(cells[0].slice(0, 40))}); quote cells that hold the delimiter`,
    "TL_ERR_FORMAT",
  );
}
