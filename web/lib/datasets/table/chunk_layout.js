// How a column's rows lie in a file: a short description of the parts, and the parts end to end, so
// that some rows can be read without the others.
import { TunelabError } from "../../core/errors.js";
import { free_now } from "./free_now.js";
import {
  BigVector,
  BinaryVector,
  BoolVector,
  DateVector,
  ListVector,
  NullVector,
  NumberVector,
  NUMBER_ARRAYS,
  StructVector,
  TextVector,
  Validity,
} from "./vector.js";

/** @typedef {import("./vector.js").AnyVector} AnyVector */

/**
 * One vector's description, as the file's index holds it:
 * [kind, rows, 1 if some rows have no value, bytes of text or binary values (else 0), ...children].
 * Its parts follow each other: validity bits, offsets (int32), values, then the children's parts.
 * Each part begins at a multiple of 8.
 * @typedef {[kind: string, rows: number, nulls: 0 | 1, bytes: number, ...children: any[]]} Layout
 */

/** @typedef {(at: number, length: number) => Uint8Array<ArrayBuffer>} ReadAt bytes of the chunk, in memory aligned to 8 */

/** Bytes of one value, by kind. */
const WIDTHS = /** @type {Record<string, number>} */ ({
  i8: 1,
  i16: 2,
  i32: 4,
  f32: 4,
  f64: 8,
  i64: 8,
  u64: 8,
  bool: 1,
  date: 8,
});

const HAS_OFFSETS = new Set(["utf8", "ascii", "binary", "list"]);

const PADDING = new Uint8Array(8);

/** @param {number} bytes */
const padded = (bytes) => Math.ceil(bytes / 8) * 8;

/** @param {AnyVector} vector @returns {Layout} */
export function layout_of(vector) {
  const bytes =
    vector instanceof TextVector || vector instanceof BinaryVector ? vector.values.length : 0;
  /** @type {Layout} */
  const layout = [vector.kind, vector.length, vector.validity ? 1 : 0, bytes];
  if (vector instanceof ListVector) layout.push(layout_of(vector.items));
  if (vector instanceof StructVector)
    for (const [name, field] of Object.entries(vector.fields))
      layout.push([name, layout_of(field)]);
  return layout;
}

/** The parts of a vector, in their order. @param {any} vector @returns {Generator<ArrayBufferView>} */
function* parts_of(vector) {
  if (vector.validity) yield vector.validity.bits;
  if (vector.offsets) yield vector.offsets;
  if (vector.values) yield vector.values;
  if (vector.items) yield* parts_of(vector.items);
  for (const field of Object.values(vector.fields ?? {})) yield* parts_of(field);
}

/**
 * @param {AnyVector} vector as a builder made it: all rows, from the first bit and offset 0
 * @param {import("./growing.js").Growing<Uint8Array>} gathered empty; where the bytes are put together
 * @returns {Uint8Array} lent by it
 */
export function vector_bytes(vector, gathered) {
  for (const part of parts_of(vector)) {
    gathered.append(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    gathered.append(PADDING.subarray(0, padded(part.byteLength) - part.byteLength));
  }
  return gathered.lend();
}

/** Gives a vector's memory back. @param {AnyVector} vector as a builder made it; not read any more */
export function free_vector(vector) {
  for (const part of parts_of(vector)) free_now(/** @type {ArrayBuffer} */ (part.buffer));
}

/** @param {Layout} layout @returns {number} the bytes of all its parts */
export function layout_bytes([kind, rows, nulls, bytes, ...children]) {
  let size = nulls ? padded((rows + 7) >> 3) : 0;
  if (HAS_OFFSETS.has(kind)) size += padded(4 * (rows + 1)) + padded(bytes);
  else size += padded(rows * (WIDTHS[kind] ?? 0));
  if (kind === "list") size += layout_bytes(children[0]);
  if (kind === "struct") for (const [, field] of children) size += layout_bytes(field);
  return size;
}

/** @param {any} layout @returns {boolean} whether it is a description that can be read */
export function is_layout(layout) {
  if (!Array.isArray(layout)) return false;
  const [kind, rows, nulls, bytes, ...children] = layout;
  const counts = [rows, nulls, bytes].every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!counts) return false;
  if (kind === "list") return children.length === 1 && is_layout(children[0]);
  if (kind === "struct")
    return children.every(
      (child) => Array.isArray(child) && is_layout(child[1]) && child[1][1] === rows,
    );
  return children.length === 0 && (kind === "null" || kind in WIDTHS || HAS_OFFSETS.has(kind));
}

/**
 * Rows [begin, end) of a chunk's column.
 * @param {Layout} layout
 * @param {number} at where its parts begin
 * @param {ReadAt} read
 * @param {number} begin
 * @param {number} end
 * @returns {AnyVector}
 * @throws {TunelabError} TL_ERR_FORMAT where offsets lead out of the chunk
 */
export function read_vector(layout, at, read, begin, end) {
  const [kind, rows, nulls, bytes, ...children] = layout;
  /** @type {Validity | null} */
  let validity = null;
  if (nulls) {
    const from = begin >> 3;
    validity = new Validity(read(at + from, ((end + 7) >> 3) - from), begin & 7);
    at += padded((rows + 7) >> 3);
  }
  if (kind === "null") return new NullVector(end - begin);
  if (kind === "struct") {
    /** @type {Record<string, AnyVector>} */
    const fields = {};
    for (const [name, field] of children) {
      fields[name] = read_vector(field, at, read, begin, end);
      at += layout_bytes(field);
    }
    return new StructVector(end - begin, fields, validity);
  }
  if (!HAS_OFFSETS.has(kind)) return read_values(kind, at, read, begin, end, validity);
  const raw = read(at + 4 * begin, 4 * (end - begin + 1));
  const offsets = new Int32Array(raw.buffer, raw.byteOffset, end - begin + 1);
  const [first, last] = [offsets[0], offsets[end - begin]];
  at += padded(4 * (rows + 1));
  const most = kind === "list" ? children[0][1] : bytes;
  if (first < 0 || last < first || last > most)
    throw new TunelabError("a row's offsets lead out of its chunk", "TL_ERR_FORMAT");
  if (kind === "list")
    return new ListVector(offsets, read_vector(children[0], at, read, first, last), validity);
  const values = read(at + first, last - first);
  return kind === "binary"
    ? new BinaryVector(offsets, values, validity)
    : new TextVector(/** @type {"utf8" | "ascii"} */ (kind), offsets, values, validity);
}

/**
 * @param {string} kind one with values of a fixed width
 * @param {number} at
 * @param {ReadAt} read
 * @param {number} begin
 * @param {number} end
 * @param {Validity | null} validity
 * @returns {AnyVector}
 */
function read_values(kind, at, read, begin, end, validity) {
  const width = WIDTHS[kind];
  const { buffer, byteOffset } = read(at + width * begin, width * (end - begin));
  const count = end - begin;
  if (kind === "bool") return new BoolVector(new Uint8Array(buffer, byteOffset, count), validity);
  if (kind === "date") return new DateVector(new Float64Array(buffer, byteOffset, count), validity);
  if (kind === "i64")
    return new BigVector(kind, new BigInt64Array(buffer, byteOffset, count), validity);
  if (kind === "u64")
    return new BigVector(kind, new BigUint64Array(buffer, byteOffset, count), validity);
  const number_kind = /** @type {import("./vector.js").NumberKind} */ (kind);
  const values = new NUMBER_ARRAYS[number_kind](buffer, byteOffset, count);
  return new NumberVector(number_kind, values, validity);
}
