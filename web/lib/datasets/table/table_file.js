// Tables as files: opened, with their index checked and their chunks read when they are asked for.
// The format is described in README.md.
import { error_text, TunelabError } from "../../core/errors.js";
import { feature_from_json, feature_to_json } from "../features/feature_json.js";
import { checksum } from "./checksum.js";
import { chunk_cache } from "./chunk_cache.js";
import { is_layout, layout_bytes, read_vector } from "./chunk_layout.js";
import { ChunkedColumn } from "./chunked_column.js";
import { Table } from "./table.js";
import { NullVector } from "./vector.js";

/** @typedef {import("../storage/storage.js").Storage} Storage */
/** @typedef {import("../storage/storage.js").StoredFile} StoredFile */
/** @typedef {import("./chunk_layout.js").Layout} Layout */
/** @typedef {{at: number, bytes: number, checksum: number, layout: Layout}} StoredColumn */
/** @typedef {{rows: number, columns: Record<string, StoredColumn>}} StoredChunk */
/** @typedef {{num_rows: number, features: Record<string, any>, chunks: StoredChunk[], metadata: any}} Index */

/** A table file's first bytes, and its last. */
export const MAGIC = new TextEncoder().encode("TLTABLE1");

/** After the index: its length and its checksum, both uint32 with the low byte first, and MAGIC. */
export const TAIL_BYTES = 16;

/** Files are closed once nothing reads of them any more. */
const forgotten = new FinalizationRegistry((/** @type {StoredFile} */ file) => file.close());

/**
 * The end of a file: index, its length and checksum, magic.
 * @param {Index} index
 * @returns {Uint8Array}
 */
export function index_bytes(index) {
  const features = Object.entries(index.features).map(([name, each]) => [
    name,
    feature_to_json(each),
  ]);
  const text = new TextEncoder().encode(JSON.stringify({ ...index, features }));
  const length = Math.ceil(text.length / 4) * 4;
  const made = new Uint8Array(length + TAIL_BYTES).fill(32, text.length, length);
  made.set(text);
  const tail = new DataView(made.buffer, length);
  tail.setUint32(0, length, true);
  tail.setUint32(4, checksum(made.subarray(0, length)), true);
  made.set(MAGIC, length + 8);
  return made;
}

/** @param {Uint8Array} bytes @param {number} from */
const is_magic = (bytes, from) => MAGIC.every((byte, i) => bytes[from + i] === byte);

/**
 * @param {StoredFile} file
 * @param {string} location
 * @returns {Index}
 */
function read_index(file, location) {
  /** @param {string} why */
  const refuse = (why) => new TunelabError(`${location} ${why}; remove it`, "TL_ERR_FORMAT");
  if (file.size < MAGIC.length + TAIL_BYTES) throw refuse("is too short for a table");
  const head = new Uint8Array(MAGIC.length);
  const tail = new Uint8Array(TAIL_BYTES);
  file.read_into(head, 0);
  file.read_into(tail, file.size - TAIL_BYTES);
  if (!is_magic(head, 0)) throw refuse("is no table of this version of the library");
  if (!is_magic(tail, 8)) throw refuse("was cut off");
  const view = new DataView(tail.buffer);
  const length = view.getUint32(0, true);
  const at = file.size - TAIL_BYTES - length;
  if (at < MAGIC.length || length % 4 !== 0) throw refuse("is damaged (its index has no place)");
  const bytes = new Uint8Array(length);
  file.read_into(bytes, at);
  if (checksum(bytes) !== view.getUint32(4, true)) throw refuse("is damaged (its index changed)");
  try {
    const index = JSON.parse(new TextDecoder().decode(bytes));
    check_index(index, at);
    const features = index.features.map((/** @type {any} */ [name, json]) => [
      name,
      feature_from_json(json),
    ]);
    return { ...index, features: Object.fromEntries(features) };
  } catch (error) {
    throw refuse(`is damaged (${error_text(error)})`);
  }
}

/** @param {any} index @param {number} end where the chunks end */
function check_index(index, end) {
  let rows = 0;
  for (const chunk of index.chunks) {
    rows += chunk.rows;
    for (const [name, { at, bytes, layout }] of Object.entries(
      /** @type {StoredChunk} */ (chunk).columns,
    )) {
      const whole = is_layout(layout) && layout[1] === chunk.rows && layout_bytes(layout) === bytes;
      if (!whole || !(at >= MAGIC.length && at + bytes <= end))
        throw new TunelabError(`a chunk of column ${name} has no place`);
    }
  }
  if (rows !== index.num_rows) throw new TunelabError("its chunks have other rows than it tells");
}

/**
 * One column's part of a chunk in a file.
 * @param {StoredFile} file
 * @param {StoredColumn} stored
 * @param {number} rows
 * @param {string} location
 * @returns {import("./chunked_column.js").Chunk}
 */
function stored_chunk(file, stored, rows, location) {
  const { at: start, bytes, layout } = stored;
  const whole = () => {
    const read = new Uint8Array(bytes);
    file.read_into(read, start);
    if (checksum(read) !== stored.checksum)
      throw new TunelabError(
        `${location} is damaged (a chunk changed); remove it`,
        "TL_ERR_FORMAT",
      );
    const vector = read_vector(layout, 0, (at, length) => read.subarray(at, at + length), 0, rows);
    chunk_cache.set(stored, vector, read.buffer);
    return vector;
  };
  /** @param {number} at @param {number} length */
  const read_part = (at, length) => {
    const part = new Uint8Array(length);
    file.read_into(part, start + at);
    return part;
  };
  return {
    rows,
    cached: () => chunk_cache.get(stored),
    whole: () => chunk_cache.get(stored) ?? whole(),
    some: (begin, end) => read_vector(layout, 0, read_part, begin, end),
  };
}

/**
 * Opens a table. Its rows are read when they are asked for; the file is closed when the table and
 * all its columns are forgotten.
 * @param {Storage} storage
 * @param {string} path
 * @returns {Promise<Table>}
 * @throws {TunelabError} TL_ERR_FORMAT for a file that is damaged, cut off or no table
 */
export async function open_table(storage, path) {
  const file = await storage.open_read(path);
  const location = `${storage.location}/${path}`;
  let index;
  try {
    index = read_index(file, location);
  } catch (error) {
    file.close();
    throw error;
  }
  const reader = { size: file.size, read_into: file.read_into, close() {} };
  forgotten.register(reader, file);
  const columns = Object.keys(index.features).map((name) => {
    const chunks = index.chunks.map(({ rows, columns: stored }) =>
      stored[name] ? stored_chunk(reader, stored[name], rows, location) : absent_chunk(rows),
    );
    return [name, new ChunkedColumn(chunks, { storage, path, name })];
  });
  return new Table(Object.fromEntries(columns), index.features, index.num_rows, {
    files: [{ storage, path }],
    metadata: index.metadata,
  });
}

/** Rows of a column that the chunk does not know: no values. @param {number} rows */
function absent_chunk(rows) {
  const vector = new NullVector(rows);
  return { rows, cached: () => vector, whole: () => vector, some: () => vector };
}
