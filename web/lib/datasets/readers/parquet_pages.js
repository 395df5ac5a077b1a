// One physical column of a Parquet row group, page by page: what is held of it is a page, however
// large the row group.
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { compressors as unpackers } from "hyparquet-compressors";
import { TunelabError } from "../../core/errors.js";
import { free_now } from "../table/free_now.js";
import { ByteWindow } from "./byte_window.js";
import { has_plain_texts, holds_texts, rows_of_page, texts_of_page } from "./parquet_texts.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */

/** Headers of pages are a few hundred bytes; statistics of long texts make them longer. */
const HEADER_BYTES = 64 << 10;

/** Writers end pages at about 1 MB; one of this size is no page but a trap for the memory. */
const MOST_PAGE_BYTES = 512 << 20;

/** Pages of nulls alone hold nothing, which not every unpacker takes. */
const compressors = Object.fromEntries(
  Object.entries(unpackers).map(([codec, unpack]) => [
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

/** @param {any} header a page's, as it was read */
function check_header({ compressed_page_size: packed, uncompressed_page_size: full }) {
  if (!(packed >= 0 && full >= 0)) throw new TunelabError("a page without a size", "TL_ERR_FORMAT");
  if (full > MOST_PAGE_BYTES)
    throw new TunelabError(
      `a page of ${full} bytes, beyond the ${MOST_PAGE_BYTES >> 20} MB that are read`,
      "TL_ERR_UNSUPPORTED",
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
  const window = new ByteWindow(file, begin, end, step);
  const decoder = {
    ...metadata,
    pathInSchema: metadata.path_in_schema,
    element: path[path.length - 1].element,
    schemaPath: path,
    compressors,
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
    if (lends_texts && has_plain_texts(header)) {
      window.skip(start + header.compressed_page_size);
      const packed = bytes.subarray(start, start + header.compressed_page_size);
      const texts = texts_of_page(packed, header, decoder);
      values_left -= texts.length;
      if (texts.length > 0) yield texts;
      texts.end();
      if (texts.bytes.buffer !== packed.buffer)
        free_now(/** @type {ArrayBuffer} */ (texts.bytes.buffer));
      continue;
    }
    const kept = is_packed(header, decoder.codec)
      ? bytes
      : bytes.slice(0, start + header.compressed_page_size);
    reader.view = new DataView(kept.buffer, kept.byteOffset, kept.byteLength);
    const result = readPage(reader, header, decoder, dictionary, waiting, 0);
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
