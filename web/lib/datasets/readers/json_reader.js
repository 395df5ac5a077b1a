// JSON Lines, or a JSON file that holds a list of objects, as batches of columns.
import { error_text, TunelabError } from "../../core/errors.js";
import { json_elements } from "./json_elements.js";
import { table_pieces, whole_blocks } from "./text_pieces.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("./read_file.js").RowSource} RowSource */

/** Rows in a batch, at most. */
const BATCH_ROWS = 1000;

/** @param {unknown} row */
const is_row = (row) => typeof row === "object" && row !== null && !Array.isArray(row);

/** @param {string} text @param {string} location @returns {any} */
function parse_json(text, location) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TunelabError(`${location} is not JSON: ${error_text(error)}`, "TL_ERR_FORMAT", error);
  }
}

/**
 * @param {AsyncIterable<string>} pieces
 * @param {string} location
 * @returns {AsyncGenerator<any>}
 */
async function* json_lines(pieces, location) {
  let number = 0;
  const last_line_end = (/** @type {string} */ text) => text.lastIndexOf("\n") + 1;
  for await (const block of whole_blocks(pieces, last_line_end, location))
    for (const line of block.replace(/\n$/, "").split("\n")) {
      ++number;
      if (line.trim() !== "") yield parse_json(line, `${location}, line ${number},`);
    }
}

/** @param {AsyncIterable<string>} pieces @param {string} location @returns {AsyncGenerator<any>} a list's elements */
async function* json_list(pieces, location) {
  for await (const element of json_elements(pieces, location)) yield parse_json(element, location);
}

/** @param {AsyncIterable<string>} pieces @param {string} field @param {string} location */
async function* json_field(pieces, field, location) {
  const texts = [];
  for await (const piece of pieces) texts.push(piece);
  const rows = parse_json(texts.join(""), location)?.[field];
  if (!Array.isArray(rows))
    throw new TunelabError(`${location} holds no list of rows`, "TL_ERR_FORMAT");
  yield* rows;
}

/**
 * @param {AsyncGenerator<string>} pieces
 * @returns {Promise<{first: string, all: AsyncGenerator<string>}>} the first character that is no space
 */
async function with_first(pieces) {
  /** @type {string[]} */
  const begun = [];
  let first = "";
  while (first === "") {
    const { done, value } = await pieces.next();
    if (done) break;
    begun.push(value);
    first = value.trimStart().slice(0, 1);
  }
  const all = async function* () {
    yield* begun;
    yield* pieces;
  };
  return { first, all: all() };
}

/**
 * @param {OpenFile} file stays open
 * @param {string} path
 * @param {{field?: string}} options field: where in the file's object the list stands; such a file is held whole
 * @param {string} location for messages
 * @returns {RowSource} a key that a row lacks is null there
 */
export function open_json(file, path, { field }, location) {
  return {
    async *batches() {
      const { first, all } = await with_first(table_pieces(file, path, location));
      const lines_or_list = first === "[" ? json_list(all, location) : json_lines(all, location);
      const rows = field === undefined ? lines_or_list : json_field(all, field, location);
      /** @type {Record<string, any>[]} */
      let batch = [];
      let number = 0;
      for await (const row of rows) {
        if (!is_row(row))
          throw new TunelabError(
            `${location}: row ${number} is ${JSON.stringify(row)}; expected an object`,
            "TL_ERR_FORMAT",
          );
        ++number;
        batch.push(row);
        if (batch.length < BATCH_ROWS) continue;
        yield columns_of_rows(batch);
        batch = [];
      }
      if (batch.length > 0) yield columns_of_rows(batch);
    },
  };
}

/** @param {readonly Record<string, any>[]} rows @returns {Record<string, any[]>} */
function columns_of_rows(rows) {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries([...names].map((name) => [name, rows.map((row) => row[name] ?? null)]));
}
