// Pages that hold texts one after the other, each after its length: how most texts lie in Parquet files.
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { TunelabError } from "../../core/errors.js";
import { LentTexts } from "../table/lent_texts.js";
import { facts_of, levels_length } from "./parquet_checks.js";
import { reader_of } from "./parquet_runs.js";

/**
 * Whether a column's pages can be read so.
 * @param {import("hyparquet").SchemaTree[]} path from the root to the leaf
 */
export function holds_texts(path) {
  const { type, converted_type, logical_type, repetition_type } = path[path.length - 1].element;
  const is_text = converted_type === "UTF8" || logical_type?.type === "STRING";
  return path.length === 2 && repetition_type !== "REPEATED" && type === "BYTE_ARRAY" && is_text;
}

/** @param {any} header a page's @returns {number} its values, nulls included: rows where the column is flat */
export const rows_of_page = (header) => facts_of(header)?.num_values ?? 0;

/** @param {any} header a page's */
export const has_plain_texts = (header) => facts_of(header)?.encoding === "PLAIN";

/**
 * @param {Uint8Array} packed the page as it lies in the file
 * @param {Uint8Array} page its values, in version 1 behind its levels; checked
 * @param {any} header its
 * @param {any} element of the schema: the column's
 * @returns {LentTexts} of `page`
 */
export function texts_of_page(packed, page, header, element) {
  const present = new Uint8Array(rows_of_page(header)).fill(1);
  const reader = reader_of(page);
  if (element.repetition_type !== "REQUIRED") {
    if (header.data_page_header_v2)
      readRleBitPackedHybrid(reader_of(packed), 1, present, levels_length(header));
    else readRleBitPackedHybrid(reader, 1, present);
  }
  return texts_from(reader, page, present);
}

/**
 * @param {{view: DataView, offset: number}} reader where the first text's length stands
 * @param {Uint8Array} page
 * @param {Uint8Array} present of each row 1, or 0 where it has no value
 */
function texts_from({ view, offset }, page, present) {
  const starts = new Int32Array(present.length).fill(-1);
  const ends = new Int32Array(present.length);
  let at = offset;
  for (let row = 0; row < present.length; ++row) {
    if (present[row] === 0) continue;
    starts[row] = at + 4;
    at = ends[row] = at + 4 + view.getUint32(at, true);
  }
  if (at > page.length) throw new TunelabError("a text leads out of its page", "TL_ERR_FORMAT");
  return new LentTexts(page, starts, ends);
}
