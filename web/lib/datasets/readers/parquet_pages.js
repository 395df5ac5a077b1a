// One physical column of a Parquet row group, page by page: what is held of it is a page, however
// large the row group.
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { compressors as unpackers } from "hyparquet-compressors";
import { TunelabError } from "../../core/errors.js";
import { ByteWindow } from "./byte_window.js";

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
 * The rows of a column chunk in runs of whole rows, a page's or so each.
 * @param {OpenFile} file
 * @param {ParquetColumn} column
 * @returns {AsyncGenerator<ArrayLike<any>>}
 */
export async function* column_pages(file, { path, metadata, parsers, step }) {
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
    reader.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const result = readPage(reader, header, decoder, dictionary, waiting, 0);
    window.skip(reader.offset);
    if (header.type === "DICTIONARY_PAGE") {
      dictionary = result.data && convert(result.data, decoder);
      continue;
    }
    const values = (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? 0;
    if (values === 0) continue; // Arrow writes such pages, and the row that waits is not among them
    values_left -= values;
    const rows = /** @type {any} */ (result.data ?? []);
    waiting = repeats ? rows.splice(-1) : undefined;
    if (rows.length > 0) yield rows;
  }
  if (waiting?.length) yield waiting;
}
