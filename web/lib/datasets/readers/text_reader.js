// Text files as a column `text`: a row a line, a paragraph, or a file.
import { TunelabError } from "../../core/errors.js";
import { text_pieces, whole_blocks } from "./text_pieces.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("./read_file.js").RowSource} RowSource */

/**
 * Where a block may be cut, and how its rows are cut out; lines end in "\n" here.
 * @type {Record<string, {last_end: (text: string) => number, rows: (text: string, keep_linebreaks: boolean) => string[]}>}
 */
const SAMPLINGS = {
  line: {
    last_end: (text) => text.lastIndexOf("\n") + 1,
    rows: (text, keep_linebreaks) =>
      keep_linebreaks
        ? /** @type {string[]} */ (text.match(/[^\n]*\n|[^\n]+$/g))
        : text.replace(/\n$/, "").split("\n"),
  },
  paragraph: {
    // Of three line ends the first two end a paragraph, and the third begins the next.
    last_end: (text) => text.length - /** @type {string} */ (text.split("\n\n").at(-1)).length,
    rows: (text) => text.split("\n\n").filter((paragraph) => paragraph !== ""),
  },
  document: { last_end: () => 0, rows: (text) => [text] },
};

/**
 * The same text with one kind of line end, as Python reads files.
 * @param {AsyncIterable<string>} pieces
 * @returns {AsyncGenerator<string>}
 */
async function* with_plain_line_ends(pieces) {
  let held = "";
  for await (const piece of pieces) {
    const text = held + piece;
    // What follows a carriage return may come with the next piece.
    held = text.endsWith("\r") ? "\r" : "";
    yield (held ? text.slice(0, -1) : text).replace(/\r\n?/g, "\n");
  }
  if (held) yield "\n";
}

/**
 * @param {OpenFile} file stays open
 * @param {string} path
 * @param {{sample_by?: "line" | "paragraph" | "document", keep_linebreaks?: boolean, encoding?: string}} options
 *   sample_by: default "line"; keep_linebreaks: lines with their ends, default false; encoding: default "utf-8"
 * @param {string} location for messages
 * @returns {RowSource}
 */
export function open_text(file, path, options, location) {
  const { sample_by = "line", keep_linebreaks = false, encoding } = options;
  if (!Object.hasOwn(SAMPLINGS, sample_by))
    throw new TunelabError(`sample_by is ${sample_by}; expected line, paragraph or document`);
  const { last_end, rows } = SAMPLINGS[sample_by];
  return {
    async *batches() {
      const pieces = with_plain_line_ends(text_pieces(file, path, location, encoding));
      for await (const block of whole_blocks(pieces, last_end, location))
        yield { text: rows(block, keep_linebreaks) };
    },
  };
}
