// Writing tables: rows into memory, or into a file that appears when it is whole.
import { checksum } from "./checksum.js";
import { free_vector, layout_of, vector_bytes } from "./chunk_layout.js";
import { ChunkedColumn, chunk_in_memory } from "./chunked_column.js";
import { Growing } from "./growing.js";
import { RowGatherer } from "./row_gatherer.js";
import { Table } from "./table.js";
import { index_bytes, MAGIC, open_table } from "./table_file.js";
import { NullVector } from "./vector.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("./row_gatherer.js").Columns} Columns */
/** @typedef {import("./vector.js").AnyVector} AnyVector */
/** @typedef {import("../storage/storage.js").Storage} Storage */

/**
 * A table in memory.
 * @param {Columns} columns copied
 * @param {Features} [features] declared types; others are found from the values
 * @returns {Table}
 */
export function memory_table(columns, features) {
  const writer = new MemoryTableWriter(features);
  writer.write(columns);
  return writer.finish();
}

/** Gathers rows into a table in memory. */
export class MemoryTableWriter {
  /** @param {Features} [features] declared types; others are found from the values */
  constructor(features) {
    /** @type {{rows: number, columns: Record<string, AnyVector>}[]} */
    this._chunks = [];
    this._rows = new RowGatherer((columns, rows) => this._chunks.push({ rows, columns }), features);
  }

  /** Rows so far. */
  get num_rows() {
    return this._rows.num_rows;
  }

  /** Adds rows. @param {Columns} columns all of one length; copied */
  write(columns) {
    this._rows.write(columns);
  }

  /** @returns {Table} */
  finish() {
    this._rows.flush();
    const features = this._rows.features();
    const columns = Object.keys(features).map((name) => {
      const vectors = this._chunks.map(
        (chunk) => chunk.columns[name] ?? new NullVector(chunk.rows),
      );
      return [name, new ChunkedColumn(vectors.map(chunk_in_memory))];
    });
    return new Table(Object.fromEntries(columns), features, this._rows.num_rows);
  }

  /** As a TableWriter's. */
  async close() {
    return this.finish();
  }

  async abort() {
    this._chunks = [];
  }
}

/** Streams rows into a table file: what it holds in memory is one chunk, a few megabytes at most. */
export class TableWriter {
  /**
   * Use `TableWriter.create`.
   * @param {Storage} storage
   * @param {string} path
   * @param {import("../storage/storage.js").NewFile} file
   * @param {Features} [features]
   */
  constructor(storage, path, file, features) {
    this._storage = storage;
    this._path = path;
    this._file = file;
    /** @type {import("./table_file.js").StoredChunk[]} */
    this._chunks = [];
    /** A chunk's bytes, in one place chunk after chunk. */
    this._bytes = new Growing(Uint8Array);
    this._rows = new RowGatherer((columns, rows) => this._store(columns, rows), features);
    file.write(MAGIC);
  }

  /**
   * @param {Storage} storage
   * @param {string} path of the file that `close` brings there
   * @param {{features?: Features}} [options] declared types; others are found from the values
   */
  static async create(storage, path, { features } = {}) {
    return new TableWriter(storage, path, await storage.create(path), features);
  }

  /** Rows so far. */
  get num_rows() {
    return this._rows.num_rows;
  }

  /** @param {Record<string, AnyVector>} vectors given, gone afterwards @param {number} rows */
  _store(vectors, rows) {
    /** @type {import("./table_file.js").StoredChunk["columns"]} */
    const columns = {};
    for (const [name, vector] of Object.entries(vectors)) {
      const bytes = vector_bytes(vector, this._bytes);
      columns[name] = {
        at: this._file.size,
        bytes: bytes.length,
        checksum: checksum(bytes),
        layout: layout_of(vector),
      };
      this._file.write(bytes);
      free_vector(vector);
    }
    this._chunks.push({ rows, columns });
  }

  /**
   * Adds rows. After an error the writer must be aborted.
   * @param {Columns} columns all of one length; copied
   */
  write(columns) {
    this._rows.write(columns);
  }

  /**
   * Ends the file and opens it.
   * @param {any} [metadata] plain data to keep beside the rows
   * @returns {Promise<Table>}
   */
  async close(metadata = null) {
    this._rows.flush();
    const features = this._rows.features();
    const { num_rows } = this._rows;
    this._file.write(index_bytes({ num_rows, features, chunks: this._chunks, metadata }));
    await this._file.commit();
    return open_table(this._storage, this._path);
  }

  /** Gives up: no file is left. */
  async abort() {
    await this._file.abort();
  }
}
