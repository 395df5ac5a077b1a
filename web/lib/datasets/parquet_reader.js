// Parquet files to typed columns, with the features that the datasets library stores beside them.
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { error_text, TunelabError } from "../core/errors.js";
import { features_from_json } from "./features/feature_json.js";

/** @typedef {import("./features.js").Features} Features */
/** @typedef {import("../hub/file_source.js").OpenFile} OpenFile */

/** hyparquet's view of a file. @param {OpenFile} file */
function async_buffer(file) {
  return {
    byteLength: file.size,
    /** @param {number} start @param {number} [end] */
    slice: async (start, end = file.size) => {
      const begin = start < 0 ? file.size + start : start;
      const bytes = new Uint8Array(end - begin);
      let at = 0;
      for await (const piece of file.stream(begin, end)) {
        bytes.set(piece, at);
        at += piece.length;
      }
      return bytes.buffer;
    },
  };
}

/** Parquet's int64 come as BigInt; ids and labels are numbers. @param {any} value @returns {any} */
function plain(value) {
  if (typeof value === "bigint") return Number(value);
  return Array.isArray(value) ? value.map(plain) : (value ?? null);
}

/** @param {{key: string, value?: string}[] | undefined} metadata @returns {Features} */
function stored_features(metadata) {
  const text = metadata?.find(({ key }) => key === "huggingface")?.value;
  return features_from_json(text ? JSON.parse(text).info?.features : undefined);
}

/**
 * @param {OpenFile} file
 * @param {string} location for messages
 * @returns {Promise<{columns: Record<string, any[]>, features: Features}>}
 */
export async function read_parquet(file, location) {
  try {
    const buffer = async_buffer(file);
    const metadata = await parquetMetadataAsync(buffer);
    const rows = await parquetReadObjects({ file: buffer, metadata, compressors });
    const features = stored_features(metadata.key_value_metadata);
    const names = metadata.schema[0].num_children ? top_level_names(metadata.schema) : [];
    const columns = Object.fromEntries(
      names.map((name) => [name, rows.map((row) => plain(row[name]))]),
    );
    return { columns, features };
  } catch (error) {
    throw new TunelabError(
      `${location} is not a Parquet file that can be read: ${error_text(error)}`,
      "TL_ERR_FORMAT",
      error,
    );
  }
}

/**
 * The schema is a tree in pre-order, each node with the number of its children; the root's children
 * are the columns.
 * @param {{name: string, num_children?: number}[]} schema
 */
function top_level_names(schema) {
  const names = [];
  for (let at = 1; at < schema.length; at = past(schema, at)) names.push(schema[at].name);
  return names;
}

/**
 * @param {{num_children?: number}[]} schema
 * @param {number} at
 * @returns {number} the node after this one's subtree
 */
function past(schema, at) {
  let next = at + 1;
  for (let child = 0; child < (schema[at].num_children ?? 0); ++child) next = past(schema, next);
  return next;
}
