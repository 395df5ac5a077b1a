// Text files as a column `text`: a row a line, a paragraph, or a file.
import { TunelabError } from "../../core/errors.js";
import { text_pieces, whole_blocks } from "./text_pieces.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("./read_file.js").RowSource} RowSource */

/**
 * Where a block may be cut, and how its rows are cut out.
 * @type {Record<string, {last_end: (text: string) => number, rows: (text: string) => string[]}>}
 */
const SAMPLINGS = {
  line: {
    last_end: (text) => text.lastIndexOf("\n") + 1,
    rows: (text) => text.replace(/\r?\n$/, "").split(/\r?\n/),
  },
  paragraph: {
    last_end: (text) => text.lastIndexOf("\n\n") + 2 * Number(text.includes("\n\n")),
    rows: (text) => text.split("\n\n").filter((paragraph) => paragraph !== ""),
  },
  document: { last_end: () => 0, rows: (text) => [text] },
};

/**
 * @param {OpenFile} file stays open
 * @param {string} path
 * @param {{sample_by?: "line" | "paragraph" | "document"}} options default "line"
 * @param {string} location for messages
 * @returns {RowSource}
 */
export function open_text(file, path, { sample_by = "line" }, location) {
  if (!Object.hasOwn(SAMPLINGS, sample_by))
    throw new TunelabError(`sample_by is ${sample_by}; expected line, paragraph or document`);
  const { last_end, rows } = SAMPLINGS[sample_by];
  return {
    async *batches() {
      const pieces = text_pieces(file, path, location);
      for await (const block of whole_blocks(pieces, last_end, location))
        yield { text: rows(block) };
    },
  };
}
