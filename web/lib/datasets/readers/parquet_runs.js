// Parquet's encodings of repeated and of slowly changing numbers, walked over without reading them: whether they hold
// what their page tells. A run of a thousand million values takes five bytes, and would be written out as such.
import { TunelabError } from "../../core/errors.js";

/** @typedef {{view: DataView, offset: number}} Reader */

/** Writers fill up groups of bits; so many values beyond the page's are left out without harm. */
const SPARE_VALUES = 512;

/** A number of 64 bits takes so many bytes at most. */
const MOST_VARINT_BYTES = 10;

const MOST_BLOCK_VALUES = 1 << 20;

/** @param {Uint8Array} bytes @returns {Reader} */
export const reader_of = (bytes) => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  offset: 0,
});

/** @param {string} what */
const damaged = (what) => new TunelabError(`a page that is damaged (${what})`, "TL_ERR_FORMAT");

/** @param {Reader} reader @param {number} bytes to pass over */
export function skip_bytes(reader, bytes) {
  if (!(bytes >= 0 && bytes <= reader.view.byteLength - reader.offset))
    throw damaged("it ends early");
  reader.offset += bytes;
}

/** @param {Reader} reader @returns {number} the lowest 32 bits */
function read_varint(reader) {
  let value = 0;
  for (let i = 0; i < MOST_VARINT_BYTES; ++i) {
    const at = reader.offset;
    skip_bytes(reader, 1);
    const byte = reader.view.getUint8(at);
    if (i < 5) value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return value >>> 0;
  }
  throw damaged("a number is too long");
}

/** Bit-packed value number `index`. @param {DataView} view @param {number} begin @param {number} width @param {number} index */
function packed_value(view, begin, width, index) {
  let value = 0;
  for (let bit = 0; bit < width; ++bit) {
    const at = index * width + bit;
    value |= ((view.getUint8(begin + (at >> 3)) >> (at & 7)) & 1) << bit;
  }
  return value;
}

/**
 * Passes over the hybrid of runs and bit-packed groups.
 * @param {Reader} reader
 * @param {number} width bits of a value
 * @param {number} count values that it has to hold
 * @param {number} [wanted] a value
 * @returns {number} how many of the values are the wanted one
 * @throws {TunelabError} TL_ERR_FORMAT where runs are longer than the page has values, or end early
 */
export function check_runs(reader, width, count, wanted) {
  if (width > 32) throw damaged(`values of ${width} bits`);
  let found = 0;
  for (let left = count; left > 0;) {
    const head = read_varint(reader);
    const packed = (head & 1) === 1;
    const length = packed ? 8 * (head >>> 1) : head >>> 1;
    if (length > left + (packed ? SPARE_VALUES : 0)) throw damaged("more values than it tells");
    const values = Math.min(length, left);
    const begin = reader.offset;
    const bytes = packed ? (length / 8) * width : (width + 7) >> 3;
    // The last group may lack the bytes of what fills it up.
    const there = reader.view.byteLength - begin;
    skip_bytes(reader, packed && bytes > there && 8 * there >= values * width ? there : bytes);
    if (wanted !== undefined && !packed)
      found += packed_value(reader.view, begin, 8 * bytes, 0) === wanted ? values : 0;
    else if (wanted !== undefined)
      for (let i = 0; i < values; ++i)
        found += Number(packed_value(reader.view, begin, width, i) === wanted);
    left -= values;
  }
  return found;
}

/**
 * Passes over delta-encoded integers.
 * @param {Reader} reader
 * @param {number} count values that it has to hold, one at least
 * @throws {TunelabError} TL_ERR_FORMAT where there are fewer, or the blocks are not as the format has them
 */
export function check_deltas(reader, count) {
  const block = read_varint(reader);
  const miniblocks = read_varint(reader);
  const total = read_varint(reader);
  read_varint(reader); // the first value
  const values = block / miniblocks;
  if (!(block > 0 && block <= MOST_BLOCK_VALUES && values >= 8 && values % 8 === 0))
    throw damaged(`blocks of ${block} values in ${miniblocks} parts`);
  if (total < count) throw damaged("fewer values than it tells");
  for (let left = count - 1; left > 0;) {
    read_varint(reader); // the least difference
    const widths = reader.offset;
    skip_bytes(reader, miniblocks);
    for (let i = 0; i < miniblocks && left > 0; ++i, left -= values) {
      const bytes = (values / 8) * reader.view.getUint8(widths + i);
      // As above: the last part may be cut where its values end.
      const needed = Math.ceil((Math.min(left, values) * bytes) / values);
      const there = reader.view.byteLength - reader.offset;
      skip_bytes(reader, bytes > there && needed <= there ? there : bytes);
    }
  }
}
