// A Parquet page held against what it tells of itself, before anything of that size is made.
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { TunelabError } from "../../core/errors.js";
import { check_deltas, check_runs, reader_of, skip_bytes } from "./parquet_runs.js";

/** @typedef {import("./parquet_runs.js").Reader} Reader */
/** @typedef {import("hyparquet").SchemaTree} SchemaTree */

/** Writers end pages at about 1 MB; one of this size is no page but a trap for the memory. */
const MOST_PAGE_BYTES = 512 << 20;

/** And at some ten thousand values, a million where they repeat; memory is taken for each. */
const MOST_PAGE_VALUES = 1 << 24;

/** @param {any} header a page's @returns {any} what is told of its values; undefined: it holds a dictionary */
export const facts_of = ({ data_page_header, data_page_header_v2 }) =>
  data_page_header ?? data_page_header_v2;

/** @param {string} what @returns {TunelabError} */
const damaged = (what) => new TunelabError(what, "TL_ERR_FORMAT");

/** The bytes of a page's levels, which stand unpacked before its values. @param {any} header @returns {number} 0 in version 1 */
export function levels_length({ data_page_header_v2: v2 }) {
  return v2 ? v2.repetition_levels_byte_length + v2.definition_levels_byte_length : 0;
}

/**
 * @param {any} header a page's, as it was read
 * @throws {TunelabError} TL_ERR_FORMAT for sizes that are none; TL_ERR_UNSUPPORTED for those of no page
 */
export function check_header(header) {
  const { compressed_page_size: packed, uncompressed_page_size: full } = header;
  if (!(packed >= 0 && full >= 0)) throw damaged("a page without a size");
  const bytes = Math.max(packed, full);
  if (bytes > MOST_PAGE_BYTES)
    throw new TunelabError(
      `a page of ${bytes} bytes, beyond the ${MOST_PAGE_BYTES >> 20} MB that are read`,
      "TL_ERR_UNSUPPORTED",
    );
  const facts = facts_of(header);
  if (!facts) return;
  const { num_values: values, num_nulls: nulls = 0 } = facts;
  if (!(values >= 0 && nulls >= 0 && nulls <= values))
    throw damaged(`a page of ${values} values, ${nulls} of them null`);
  if (values > MOST_PAGE_VALUES)
    throw new TunelabError(
      `a page of ${values} values, beyond the ${MOST_PAGE_VALUES} that are read`,
      "TL_ERR_UNSUPPORTED",
    );
  const levels = levels_length(header);
  const least = header.data_page_header_v2?.repetition_levels_byte_length ?? 0;
  if (!(least >= 0 && levels >= least && levels <= Math.min(packed, full)))
    throw damaged("a page whose levels lead out of it");
}

/** @param {number} most a level's */
const width_of = (most) => 32 - Math.clz32(most);

/**
 * @param {Uint8Array} levels of a page of version 2
 * @param {any} facts
 * @param {SchemaTree[]} path
 */
function check_levels(levels, facts, path) {
  const { num_values: values, repetition_levels_byte_length: first } = facts;
  const [repetition, definition] = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)];
  if (repetition) check_runs(reader_of(levels.subarray(0, first)), width_of(repetition), values);
  if (definition) check_runs(reader_of(levels.subarray(first)), width_of(definition), values);
}

/**
 * Passes over levels of a page of version 1, whose length stands before them.
 * @param {Reader} reader
 * @param {number} most
 * @param {number} values
 * @returns {number} how many are the highest
 */
function check_counted_levels(reader, most, values) {
  const begin = reader.offset;
  skip_bytes(reader, 4);
  const length = reader.view.getUint32(begin, true);
  const found = check_runs(reader, width_of(most), values, most);
  reader.offset = begin + 4;
  skip_bytes(reader, length);
  return found;
}

/** Texts that share their beginnings: a page of a few bytes may hold any length of them. @param {Reader} reader @param {number} count */
function check_prefixes(reader, count) {
  const begin = reader.offset;
  check_deltas(reader, count);
  check_deltas(reader, count);
  reader.offset = begin;
  const [prefixes, suffixes] = [new Int32Array(count), new Int32Array(count)];
  deltaBinaryUnpack(reader, count, prefixes);
  deltaBinaryUnpack(reader, count, suffixes);
  let [length, bytes] = [0, 0];
  for (let i = 0; i < count; ++i) {
    if (prefixes[i] < 0 || prefixes[i] > length || suffixes[i] < 0)
      throw damaged("a text that begins with more than the one before it");
    length = prefixes[i] + suffixes[i];
    bytes += length;
  }
  if (bytes > MOST_PAGE_BYTES)
    throw new TunelabError(
      `a page of ${bytes} bytes of text, beyond the ${MOST_PAGE_BYTES >> 20} MB that are read`,
      "TL_ERR_UNSUPPORTED",
    );
}

/**
 * @param {Reader} reader where the values begin
 * @param {string} encoding
 * @param {number} count of values that are not null
 * @param {boolean} counted runs of truth values have their length before them
 * @param {string} type
 */
function check_encoded(reader, encoding, count, counted, type) {
  if (count === 0) return;
  if (encoding === "DELTA_BINARY_PACKED" || encoding === "DELTA_LENGTH_BYTE_ARRAY")
    check_deltas(reader, count);
  else if (encoding === "DELTA_BYTE_ARRAY") check_prefixes(reader, count);
  else if (counted) {
    skip_bytes(reader, 4);
    check_runs(reader, 1, count);
  } else if (encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY") {
    const at = reader.offset;
    skip_bytes(reader, 1);
    const width = type === "BOOLEAN" ? 1 : reader.view.getUint8(at);
    if (width > 0) check_runs(reader, width, count);
  }
}

/**
 * @param {any} header a page's, checked
 * @param {Uint8Array} levels the page's, of version 2
 * @param {Uint8Array} page unpacked: the values, and in version 1 the levels before them
 * @param {SchemaTree[]} path from the root to the leaf
 * @throws {TunelabError} TL_ERR_FORMAT for a page that does not hold what it tells; TL_ERR_UNSUPPORTED for one that holds
 *   too much
 */
export function check_page(header, levels, page, path) {
  const facts = facts_of(header);
  if (!facts) return;
  const { num_values: values, encoding } = facts;
  const type = String(path[path.length - 1].element.type);
  const reader = reader_of(page);
  const counted = encoding === "RLE";
  if (header.data_page_header_v2) {
    check_levels(levels, facts, path);
    check_encoded(reader, encoding, values - facts.num_nulls, counted, type);
    return;
  }
  const [repetition, definition] = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)];
  if (repetition) check_counted_levels(reader, repetition, values);
  const present = definition ? check_counted_levels(reader, definition, values) : values;
  check_encoded(reader, encoding, present, counted, type);
}
