// Parquet files as batches of columns, read row group by row group and page by page.
import { parquetMetadataAsync, parquetSchema } from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getPhysicalColumns, getTreePath } from "hyparquet/src/schema.js";
import { error_text, TunelabError } from "../../core/errors.js";
import { did_you_mean } from "../../core/near_names.js";
import { read_range } from "./byte_window.js";
import { column_pages } from "./parquet_pages.js";
import { parquet_features } from "./parquet_schema.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("hyparquet").SchemaTree} SchemaTree */
/** @typedef {import("./read_file.js").RowSource} RowSource */

/** Rows in a batch, at most. */
const BATCH_ROWS = 1000;

/** Bytes of a column read at a time, from a file whose bytes come at once. */
const LOCAL_STEP = 256 << 10;

/** Where every read is a request: of one column, and of all together. */
const REMOTE_STEP = 8 << 20;
const REMOTE_BYTES = 32 << 20;

/** A file of at most this size is then read at once. */
const WHOLE_BYTES = 1 << 20;

/** What a damaged or foreign file ends in. @param {string} location @param {unknown} error @param {string} [column] */
function refusal(location, error, column) {
  if (error instanceof TunelabError && error.status === "TL_ERR_UNSUPPORTED")
    return new TunelabError(`${location}: ${error.message}`, error.status, error);
  const where = column === undefined ? "" : `, column ${column},`;
  // What readers trip over tells those who made the file more than those who have it.
  const tripped = error instanceof TypeError || error instanceof RangeError;
  const reason = tripped ? `it is damaged (${error_text(error)})` : error_text(error);
  return new TunelabError(
    `${location}${where} is not a Parquet file that can be read: ${reason}`,
    "TL_ERR_FORMAT",
    error,
  );
}

/** hyparquet's view of a file. @param {OpenFile} file */
function async_buffer(file) {
  return {
    byteLength: file.size,
    /** @param {number} begin @param {number} [end] */
    slice: async (begin, end = file.size) => {
      const bytes = new Uint8Array(end - begin);
      await read_range(file, begin, bytes);
      return bytes.buffer;
    },
  };
}

/** @param {OpenFile} file */
async function metadata_of(file) {
  if (file.size < 12) throw new Error(`it has ${file.size} bytes only`);
  const magic = new Uint8Array(4);
  await read_range(file, file.size - 4, magic);
  const ending = String.fromCharCode(...magic);
  if (ending === "PARE") throw encrypted();
  if (ending !== "PAR1")
    throw new Error("it does not end as one; was the download or copy cut off?");
  const metadata = await parquetMetadataAsync(async_buffer(file), { geoparquet: false });
  check_names(metadata);
  return metadata;
}

const encrypted = () =>
  new TunelabError("it is encrypted, which is not read; write it without", "TL_ERR_UNSUPPORTED");

/**
 * Columns are found by name, and those within them by their names with dots between.
 * @param {import("hyparquet").FileMetaData} metadata
 * @throws {TunelabError} TL_ERR_UNSUPPORTED for two of one name
 */
function check_names({ schema, row_groups }) {
  if (schema.length < 2) throw new Error("it has no columns");
  const tops = parquetSchema({ schema }).children.map(({ element }) => element.name);
  const leaves = row_groups[0]?.columns.map(({ meta_data, crypto_metadata }) => {
    if (crypto_metadata || !meta_data) throw encrypted();
    return meta_data.path_in_schema.join(".");
  });
  for (const names of [tops, leaves ?? []]) {
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined)
      throw new TunelabError(
        `two of its columns are named ${twice}; give each another name`,
        "TL_ERR_UNSUPPORTED",
      );
  }
}

/** @param {SchemaTree} root @param {readonly string[] | undefined} names */
function chosen_columns(root, names) {
  if (!names) return root.children;
  return names.map((name) => {
    const found = root.children.find(({ element }) => element.name === name);
    if (found) return found;
    const there = root.children.map(({ element }) => element.name);
    throw new TunelabError(
      `there is no column ${name}; the columns are ${there.join(", ")}${did_you_mean(name, there)}`,
      "TL_ERR_UNSUPPORTED",
    );
  });
}

/**
 * @param {OpenFile} file stays open
 * @param {{columns?: readonly string[]}} options columns: only these; default all
 * @param {string} location for messages
 * @returns {Promise<RowSource & {num_rows: number, features: Features}>}
 * @throws {TunelabError} TL_ERR_FORMAT for a file that is damaged, cut off or no Parquet;
 *   TL_ERR_UNSUPPORTED for columns of types that are not read, by name
 */
export async function open_parquet(file, options, location) {
  try {
    const metadata = await metadata_of(file);
    const root = parquetSchema(metadata);
    const columns = chosen_columns(root, options.columns);
    return {
      num_rows: Number(metadata.num_rows),
      features: parquet_features(metadata, columns),
      batches: (raw_text = []) => batches(file, metadata, columns, raw_text, location),
    };
  } catch (error) {
    throw refusal(location, error);
  }
}

/**
 * @param {OpenFile} file
 * @param {import("hyparquet").FileMetaData} metadata
 * @param {readonly SchemaTree[]} columns
 * @param {readonly string[]} raw_text
 * @param {string} location
 * @returns {AsyncGenerator<Record<string, ArrayLike<any>>>}
 */
async function* batches(file, metadata, columns, raw_text, location) {
  const root = parquetSchema(metadata);
  const near = file.read_into || file.size > WHOLE_BYTES ? file : await in_memory(file);
  const share = Math.max(LOCAL_STEP, REMOTE_BYTES / root.children.length);
  const step = near.read_into ? LOCAL_STEP : Math.min(REMOTE_STEP, Math.floor(share));
  for (const group of metadata.row_groups) {
    const readers = columns.map((node) => {
      const { name } = node.element;
      try {
        return new TopColumn(near, step, root, node, group, raw_text.includes(name));
      } catch (error) {
        throw refusal(location, error, name);
      }
    });
    const rows = Number(group.num_rows);
    for (let row = 0; row < rows;) {
      let count = Math.min(BATCH_ROWS, rows - row);
      /** @type {Record<string, ArrayLike<any>>} */
      const batch = {};
      let read = "";
      try {
        for (const reader of readers) {
          read = reader.name;
          count = Math.min(count, await reader.at_hand());
        }
        for (const reader of readers) {
          read = reader.name;
          batch[reader.name] = await reader.next_rows(count);
        }
      } catch (error) {
        throw refusal(location, error, read);
      }
      yield batch;
      row += count;
    }
  }
}

/** A file's bytes, held. @param {OpenFile} file @returns {Promise<OpenFile>} */
async function in_memory(file) {
  const bytes = new Uint8Array(file.size);
  await read_range(file, 0, bytes);
  return {
    ...file,
    read_into: (target, begin) => target.set(bytes.subarray(begin, begin + target.length)),
  };
}

/** A column of the schema's top level: its leaves in step, put together where it nests. */
class TopColumn {
  /**
   * @param {OpenFile} file
   * @param {number} step
   * @param {SchemaTree} root
   * @param {SchemaTree} node
   * @param {any} group the row group
   * @param {boolean} raw_text
   */
  constructor(file, step, root, node, group, raw_text) {
    this.name = node.element.name;
    this._node = node;
    this._raw_text = raw_text;
    /** @type {any} */
    this._parsers = { jsonFromBytes: DEFAULT_PARSERS.stringFromBytes };
    if (raw_text) {
      const as_bytes = (/** @type {Uint8Array} */ bytes) => bytes;
      this._parsers = { jsonFromBytes: as_bytes, stringFromBytes: as_bytes };
    }
    const paths = getPhysicalColumns(node);
    this._leaves = group.columns
      .map((/** @type {any} */ chunk) => chunk.meta_data)
      .filter((/** @type {any} */ metadata) => paths.includes(metadata.path_in_schema.join(".")))
      .map((/** @type {any} */ metadata) => {
        const path = getTreePath(root, metadata.path_in_schema);
        const { _parsers: parsers } = this;
        const pages = column_pages(file, { path, metadata, parsers, step, raw_text });
        return { path: metadata.path_in_schema.join("."), rows: new RunOfRows(pages) };
      });
  }

  /** Rows that can be had at once: runs of lent texts are not joined. @returns {Promise<number>} */
  async at_hand() {
    const joins = !this._raw_text || this._node.children.length > 0;
    return joins ? Infinity : this._leaves[0].rows.at_hand();
  }

  /** @param {number} count @returns {Promise<ArrayLike<any>>} */
  async next_rows(count) {
    if (this._node.children.length === 0) return this._leaves[0].rows.take(count);
    const parts = new Map();
    for (const { path, rows } of this._leaves) parts.set(path, Array.from(await rows.take(count)));
    assembleNested(parts, this._node, { ...DEFAULT_PARSERS, ...this._parsers });
    return parts.get(this.name);
  }
}

/** Rows that come in runs of any length, given out in runs as asked for. */
class RunOfRows {
  /** @param {AsyncGenerator<any>} runs */
  constructor(runs) {
    this._runs = runs;
    /** @type {any} */
    this._run = [];
    this._at = 0;
  }

  /** @returns {Promise<number>} the rows left of this run, or of the next */
  async at_hand() {
    if (this._at === this._run.length) {
      const { done, value } = await this._runs.next();
      if (done) throw new Error("it has fewer rows than the file tells");
      this._run = value;
      this._at = 0;
    }
    return this._run.length - this._at;
  }

  /** @param {number} count @returns {Promise<any>} */
  async take(count) {
    const parts = [];
    for (let missing = count; missing > 0;) {
      await this.at_hand();
      const part = this._run.slice(this._at, this._at + missing);
      this._at += part.length;
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0] : parts.flatMap((part) => Array.from(part));
  }
}
