// JSON Lines, or a JSON file that holds a list of objects, as batches of columns.
import { error_text, TunelabError } from "../../core/errors.js";
import { WrittenFloat } from "../table/written_float.js";
import { json_elements } from "./json_elements.js";
import { parse_json_exactly } from "./json_numbers.js";
import { MOST_HELD, table_pieces, whole_blocks } from "./text_pieces.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("./read_file.js").RowSource} RowSource */

/** Rows in a batch, at most. */
const BATCH_ROWS = 1000;

/** @param {unknown} value */
const is_object = (value) => typeof value === "object" && !(value instanceof WrittenFloat);

/** @param {unknown} row */
const is_row = (row) => typeof row === "object" && row !== null && !Array.isArray(row);

/** @param {string} text @param {string} location @returns {any} */
function parse_json(text, location) {
  try {
    return parse_json_exactly(text);
  } catch (error) {
    throw new TunelabError(`${location} is not JSON: ${error_text(error)}`, "TL_ERR_FORMAT", error);
  }
}

/** Objects over several lines, the last of which begins with the closing brace, as programs print them. */
class SpreadObjects {
  /** @param {string} location */
  constructor(location) {
    this._location = location;
    /** @type {string[]} */
    this._lines = [];
    this._length = 0;
    /** @type {unknown} why the first line is no row */
    this._error = undefined;
  }

  /** Whether a line was taken that is no row by itself. */
  get begun() {
    return this._lines.length > 0;
  }

  /** @param {string} line @param {unknown} [error] why it is no row @returns {any[]} the object that ends with it, if one does */
  add(line, error) {
    this._error ??= error;
    this._lines.push(line);
    this._length += line.length;
    if (this._length > MOST_HELD) throw this._error;
    if (!line.startsWith("}")) return [];
    const text = this._lines.join("\n");
    this._lines = [];
    this._length = 0;
    return [parse_json(text, this._location)];
  }

  /** @throws what was wrong with the first line, where an object does not end */
  end() {
    if (this.begun) throw this._error;
  }
}

/**
 * @param {AsyncIterable<string>} pieces
 * @param {string} location
 * @returns {AsyncGenerator<any>}
 */
async function* json_lines(pieces, location) {
  let number = 0;
  /** @type {SpreadObjects | undefined} only where the first line is no row */
  let spread;
  let rows = 0;
  const last_line_end = (/** @type {string} */ text) => text.lastIndexOf("\n") + 1;
  for await (const block of whole_blocks(pieces, last_line_end, location))
    for (const line of block.replace(/\n$/, "").split("\n")) {
      ++number;
      if (line.trim() === "") continue;
      if (spread?.begun) yield* spread.add(line);
      else
        try {
          yield parse_json(line, `${location}, line ${number},`);
          ++rows;
        } catch (error) {
          if (rows > 0) throw error;
          spread ??= new SpreadObjects(location);
          yield* spread.add(line, error);
        }
    }
  spread?.end();
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
  if (is_row(rows)) yield* rows_of_columns(rows, location);
  else if (Array.isArray(rows)) yield* rows;
  else
    throw new TunelabError(
      `${location} holds no list of rows as its field ${field}`,
      "TL_ERR_FORMAT",
    );
}

/** @param {Record<string, any>} columns @param {string} location */
function* rows_of_columns(columns, location) {
  const [length, ...others] = Object.values(columns).map((values) => values?.length);
  const lists = Object.values(columns).every(Array.isArray);
  if (!lists || others.some((each) => each !== length))
    throw new TunelabError(
      `${location}: expected a list of rows, or an object of columns of one length`,
      "TL_ERR_FORMAT",
    );
  for (let row = 0; row < length; ++row)
    yield Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row]]));
}

/**
 * An element as a row: null has no values; where the first is no object, each is a row's `text`.
 * @param {any} element
 * @param {{number: number, scalars: boolean}} place
 * @param {string} location
 * @returns {Record<string, any>}
 */
function row_of(element, { number, scalars }, location) {
  if (element === null) return {};
  if (!scalars && is_row(element)) return element;
  if (scalars && !is_object(element)) return { text: element };
  throw new TunelabError(
    `${location}: row ${number} is ${String(JSON.stringify(element)).slice(0, 60)}; expected ${scalars ? "a text or number like the first" : "an object"}`,
    "TL_ERR_FORMAT",
  );
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
 * @param {{field?: string, encoding?: string}} options field: where in the file's object the list, or object of lists,
 *   stands; such a file is held whole
 * @param {string} location for messages
 * @returns {RowSource} a key that a row lacks is null there; a list of texts or numbers is the column `text`
 */
export function open_json(file, path, { field, encoding }, location) {
  return {
    async *batches() {
      const { first, all } = await with_first(table_pieces(file, path, location, encoding));
      const lines_or_list = first === "[" ? json_list(all, location) : json_lines(all, location);
      const rows = field === undefined ? lines_or_list : json_field(all, field, location);
      /** @type {Record<string, any>[]} */
      let batch = [];
      let number = 0;
      let scalars = false;
      for await (const element of rows) {
        if (number === 0) scalars = first === "[" && !is_object(element);
        batch.push(row_of(element, { number, scalars }, location));
        ++number;
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
