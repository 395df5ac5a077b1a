// One physical column of a Parquet row group, page by page: what is held of it is a page, however
// large the row group.
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { decompress as unpack_zstd } from "fzstd";
import { compressors as unpackers } from "hyparquet-compressors";
import { TunelabError } from "../../core/errors.js";
import { free_now } from "../table/free_now.js";
import { ByteWindow } from "./byte_window.js";
import { check_header, check_page, levels_length } from "./parquet_checks.js";
import { has_plain_texts, holds_texts, rows_of_page, texts_of_page } from "./parquet_texts.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */

/** Headers of pages are a few hundred bytes; statistics of long texts make them longer. */
const HEADER_BYTES = 64 << 10;

/** What unpacks a page into the bytes that it tells of, and not into more. */
const BOUNDED = {
  ...unpackers,
  ZSTD: (/** @type {Uint8Array} */ bytes, /** @type {number} */ length) =>
    unpack_zstd(bytes, new Uint8Array(length)),
};

/** Pages of nulls alone hold nothing, which not every unpacker takes. */
const compressors = Object.fromEntries(
  Object.entries(BOUNDED).map(([codec, unpack]) => [
    codec,
    (/** @type {Uint8Array} */ bytes, /** @type {number} */ length) =>
      length === 0 ? new Uint8Array(0) : unpack(bytes, length),
  ]),
);

/**
 * @typedef {object} ParquetColumn
 * @property {import("hyparquet").SchemaTree[]} path from the root to the leaf
 * @property {any} metadata the column chunk's ColumnMetaData
 * @property {Partial<import("hyparquet").ParquetParsers>} parsers
 * @property {number} step bytes to read at a time
 * @property {boolean} raw_text texts as UTF-8; runs of them are LentTexts, lent until the next run, where they lie
 *   in their page as such
 */

/** Where a column chunk's pages lie. @param {any} metadata */
function range_of({ dictionary_page_offset, data_page_offset, total_compressed_size }) {
  const data = Number(data_page_offset);
  const dictionary = Number(dictionary_page_offset ?? 0);
  const begin = dictionary > 0 && dictionary < data ? dictionary : data;
  return { begin, end: begin + Number(total_compressed_size) };
}

/**
 * A page's values, in version 1 behind its levels.
 * @param {Uint8Array} packed the page as it lies in the file
 * @param {any} header its
 * @param {string} codec
 * @returns {Uint8Array} a part of `packed` itself, or a buffer of their own
 */
function unpacked_page(packed, header, codec) {
  const levels = levels_length(header);
  const values = packed.subarray(levels);
  if (header.data_page_header_v2?.is_compressed === false) return values;
  return decompressPage(
    values,
    header.uncompressed_page_size - levels,
    /** @type {any} */ (codec),
    compressors,
  );
}

/**
 * Whether what is read of a page is unpacked first: else values may be views of its bytes as they were read.
 * @param {any} header
 * @param {string} codec
 */
const is_packed = ({ data_page_header_v2 }, codec) =>
  codec !== "UNCOMPRESSED" && data_page_header_v2?.is_compressed !== false;

/**
 * The rows of a column chunk in runs of whole rows, a page's or so each.
 * @param {OpenFile} file
 * @param {ParquetColumn} column
 * @returns {AsyncGenerator<any>}
 */
export async function* column_pages(file, { path, metadata, parsers, step, raw_text }) {
  const { begin, end } = range_of(metadata);
  if (!(begin >= 0 && end >= begin && end <= file.size))
    throw new TunelabError(`its pages at ${begin} to ${end} lie outside the file`, "TL_ERR_FORMAT");
  const window = new ByteWindow(file, begin, end, step);
  const decoder = {
    ...metadata,
    pathInSchema: metadata.path_in_schema,
    element: path[path.length - 1].element,
    schemaPath: path,
    utf8: false,
    parsers: { ...DEFAULT_PARSERS, ...parsers },
  };
  const repeats = getMaxRepetitionLevel(path) > 0;
  const lends_texts = raw_text && holds_texts(path);
  let values_left = Number(metadata.num_values);
  /** @type {any} */
  let dictionary;
  /** A list's row may go on in the next page: the last one waits. @type {any[] | undefined} */
  let waiting;
  while (values_left > 0 && window.left > 0) {
    const head = await window.peek(HEADER_BYTES);
    const reader = { view: new DataView(head.buffer, head.byteOffset, head.byteLength), offset: 0 };
    const header = parquetHeader(reader);
    check_header(header);
    const start = reader.offset;
    const bytes = await window.peek(start + header.compressed_page_size);
    if (bytes.length < start + header.compressed_page_size)
      throw new TunelabError("a page leads out of its column", "TL_ERR_FORMAT");
    const packed = bytes.subarray(start, start + header.compressed_page_size);
    const page = unpacked_page(packed, header, metadata.codec);
    check_page(header, packed, page, path);
    if (lends_texts && has_plain_texts(header)) {
      window.skip(start + header.compressed_page_size);
      const texts = texts_of_page(packed, page, header, decoder.element);
      values_left -= texts.length;
      if (texts.length > 0) yield texts;
      texts.end();
      if (page.buffer !== packed.buffer) free_now(/** @type {ArrayBuffer} */ (page.buffer));
      continue;
    }
    const kept = is_packed(header, metadata.codec)
      ? bytes
      : bytes.slice(0, start + header.compressed_page_size);
    reader.view = new DataView(kept.buffer, kept.byteOffset, kept.byteLength);
    const unpacked = { ...decoder, compressors: { [metadata.codec]: () => page } };
    const result = readPage(reader, header, unpacked, dictionary, waiting, 0);
    window.skip(reader.offset);
    if (header.type === "DICTIONARY_PAGE") {
      dictionary = result.data && convert(result.data, decoder);
      continue;
    }
    const values = rows_of_page(header);
    if (values === 0) continue; // Arrow writes such pages, and the row that waits is not among them
    values_left -= values;
    const rows = /** @type {any} */ (result.data ?? []);
    waiting = repeats ? rows.splice(-1) : undefined;
    if (rows.length > 0) yield rows;
  }
  if (waiting?.length) yield waiting;
}
