// CSV and TSV files as batches of columns of text: dialects, header, rows of too few or too many cells.
import { TunelabError } from "../../core/errors.js";
import { cut_rows } from "./csv_cells.js";
import { column_names_of } from "./csv_header.js";
import { table_pieces, whole_blocks } from "./text_pieces.js";
import { unpacked_name } from "./unpack.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("./read_file.js").RowSource} RowSource */
/** @typedef {import("./csv_cells.js").Dialect} Dialect */
/** @typedef {import("./csv_cells.js").CutRows} CutRows */

/** Python's csv.QUOTE_MINIMAL and csv.QUOTE_NONE, as `quoting` takes them. */
const QUOTE_MINIMAL = 0;
const QUOTE_NONE = 3;

/**
 * @typedef {object} CsvOptions
 * @property {string} [delimiter] default "," (a tab for .tsv files)
 * @property {string} [sep] the same
 * @property {string} [quotechar] what cells may stand in; default '"'
 * @property {number} [quoting] 0: cells may stand in quotes (default); 3: quotes are text (default for .tsv files,
 *   whose sentences often hold single quote marks)
 * @property {readonly string[]} [column_names] the names, where the file has no header line
 * @property {readonly string[]} [names] the same
 * @property {number} [skiprows] lines to leave out before the header; default 0
 * @property {string} [encoding] of the text; default "utf-8"
 */

/** @param {CsvOptions} options @param {string} path @returns {Dialect} */
function dialect_of(options, path) {
  const tabs = unpacked_name(path).endsWith(".tsv");
  const delimiter = options.delimiter ?? options.sep ?? (tabs ? "\t" : ",");
  const quotechar = options.quotechar ?? '"';
  for (const [name, value] of Object.entries({ delimiter, quotechar }))
    if (typeof value !== "string" || value.length !== 1)
      throw new TunelabError(`${name} is ${JSON.stringify(value)}; expected one character`);
  const quoting = options.quoting ?? (tabs ? QUOTE_NONE : QUOTE_MINIMAL);
  return { delimiter, quote: quoting === QUOTE_NONE ? null : quotechar };
}

/**
 * Blocks of text with the rows that they are.
 * @param {AsyncIterable<string>} pieces
 * @param {Dialect} dialect
 * @param {string} location for messages
 * @returns {AsyncGenerator<{text: string, cut: CutRows}>} the last one's rows end early where a quote is not closed
 */
async function* blocks_of_rows(pieces, dialect, location) {
  /** @type {CutRows | undefined} */
  let cut;
  const last_end = (/** @type {string} */ text) => (cut = cut_rows(text, dialect, false)).end;
  for await (const text of whole_blocks(pieces, last_end, location)) {
    const whole = cut?.end === text.length ? cut : cut_rows(text, dialect, true);
    yield { text, cut: whole };
    cut = undefined;
  }
}

/** @param {string} text */
const count_lines = (text) => text.split(/\r\n|\r|\n/).length - 1;

/**
 * @param {AsyncIterable<string>} pieces
 * @param {number} count lines to leave out
 * @returns {AsyncGenerator<string>}
 */
async function* without_lines(pieces, count) {
  let left = count;
  for await (const piece of pieces) {
    let at = 0;
    for (; left > 0 && at < piece.length; --left) {
      const end = piece.indexOf("\n", at);
      at = end < 0 ? piece.length : end + 1;
      if (end < 0) ++left; // the line goes on in the next piece
    }
    if (at < piece.length) yield piece.slice(at);
  }
}

/**
 * @param {OpenFile} file stays open
 * @param {string} path
 * @param {CsvOptions} options
 * @param {string} location for messages
 * @returns {RowSource} its batches are cells as text; a row of fewer cells than there are columns ends in empty ones
 */
export function open_csv(file, path, options, location) {
  const dialect = dialect_of(options, path);
  const { skiprows = 0, encoding } = options;
  return {
    cells: true,
    async *batches() {
      const pieces = table_pieces(file, path, location, encoding);
      const kept = skiprows > 0 ? without_lines(pieces, skiprows) : pieces;
      let names = options.column_names ?? options.names;
      let [row, line] = [0, 1 + skiprows];
      for await (const { text, cut } of blocks_of_rows(kept, dialect, location)) {
        if (cut.end < text.length) throw unclosed_quote(text, cut.end, line, location);
        const lines = cut.rows;
        const has_header = names === undefined && lines.length > 0;
        if (has_header) names = column_names_of(lines.shift(), location);
        if (!names) continue;
        const width = names.length;
        const too_long = lines.findIndex((cells) => cells.length > width);
        if (too_long >= 0) {
          const end = cut.ends[too_long + Number(has_header)];
          const last_line = line + count_lines(text.slice(0, end).trimEnd());
          throw long_row(lines[too_long], row + too_long, width, last_line, location);
        }
        const column = (/** @type {number} */ i) => lines.map((cells) => cells[i] ?? "");
        yield Object.fromEntries(names.map((name, i) => [name, column(i)]));
        row += lines.length;
        line += count_lines(text);
      }
      if (!names) column_names_of(undefined, location);
    },
  };
}

/** @param {string} text @param {number} end of its rows @param {number} line its first @param {string} location */
function unclosed_quote(text, end, line, location) {
  const begun = text.slice(end, end + 40);
  return new TunelabError(
    `${location}: a quote in line ${line + count_lines(text.slice(0, end))} is never closed; the line begins ${JSON.stringify(begun)}`,
    "TL_ERR_FORMAT",
  );
}

/**
 * @param {string[]} cells
 * @param {number} row
 * @param {number} expected
 * @param {number} line
 * @param {string} location
 */
function long_row(cells, row, expected, line, location) {
  return new TunelabError(
    `${location}: row ${row} has ${cells.length} cells where the header has ${expected} (line ${line}; ` +
      `it begins ${JSON.stringify(cells[0].slice(0, 40))}); quote cells that hold the delimiter`,
    "TL_ERR_FORMAT",
  );
}
