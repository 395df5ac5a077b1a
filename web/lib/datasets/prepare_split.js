// A split's files to a table: streamed into the datasets' storage once, and found there again.
import { TunelabError } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { ClassLabel, is_text } from "./features.js";
import { feature_to_json } from "./features/feature_json.js";
import { fingerprint_of, random_fingerprint } from "./fingerprint.js";
import { dtype_of_cells, feature_of_cells, values_of_cells, widened } from "./readers/csv_types.js";
import { kind_of_located, open_rows, READ_OPTIONS } from "./readers/read_file.js";
import { dataset_storage } from "./storage/dataset_storage.js";
import { open_table } from "./table/table_file.js";
import { MemoryTableWriter, TableWriter } from "./table/table_writer.js";

/** @typedef {import("./features.js").Features} Features */
/** @typedef {import("./readers/read_file.js").Located} Located */
/** @typedef {import("./readers/read_file.js").RowSource} RowSource */
/** @typedef {import("./readers/read_file.js").Columns} Columns */
/** @typedef {import("./readers/csv_types.js").CellType} CellType */
/** @typedef {import("./storage/storage.js").Storage} Storage */
/** @typedef {import("./table/table.js").Table} Table */

/**
 * @typedef {object} PrepareOptions
 * @property {Features} [features] types of columns, over what the files say
 * @property {boolean} [keep_in_memory] default false
 * @property {boolean} [force_download] read the files even if their table is there
 */

/** Part of every fingerprint: a change of what readers make of files makes other tables. */
const READERS_VERSION = 3;

/** Others get their turn so often while files are read. */
const TURN_MS = 100;

/** Cells of CSV whose columns turned out wider than they were written as. */
class Retyped extends Error {}

/**
 * @param {readonly Located[]} files
 * @param {import("./readers/read_file.js").ReadOptions & PrepareOptions} options
 * @returns {Promise<string | undefined>} undefined where a file's content has no name
 */
async function split_fingerprint(files, options) {
  const identities = await Promise.all(files.map(({ source, path }) => source.identity?.(path)));
  if (identities.includes(undefined)) return undefined;
  const { features = {} } = options;
  const types = Object.entries(features).map(([name, type]) => [name, feature_to_json(type)]);
  const reading = Object.fromEntries(READ_OPTIONS.map((name) => [name, options[name]]));
  return fingerprint_of(
    "split",
    READERS_VERSION,
    identities,
    files.map(kind_of_located),
    reading,
    types,
  );
}

/** @param {Storage} storage @param {string} path @returns {Promise<Table | undefined>} */
async function kept_table(storage, path) {
  if (!(await storage.exists(path))) return undefined;
  try {
    return await open_table(storage, path);
  } catch (error) {
    if (!(error instanceof TunelabError)) throw error;
    logger.warning(`${error.message}; it is made anew`);
    return undefined;
  }
}

/**
 * The table of a split's files, end to end. Files whose content has a name (a commit, a size and time of change, an
 * ETag) are read once; their table is kept on disk, and is what later calls give. Others' tables are in memory.
 * @param {readonly Located[]} files
 * @param {import("./readers/read_file.js").ReadOptions & PrepareOptions} [options]
 * @returns {Promise<{table: Table, fingerprint: string}>}
 * @throws {TunelabError} for files that are missing, malformed, of columns that the first has not, or whose values do not fit
 *   `features`
 */
export async function prepare_split(files, options = {}) {
  const named = await split_fingerprint(files, options);
  const fingerprint = named ?? random_fingerprint();
  const on_disk = named !== undefined && !options.keep_in_memory;
  const storage = on_disk ? await dataset_storage() : undefined;
  const path = `${fingerprint}/rows.table`;
  const kept = storage && !options.force_download ? await kept_table(storage, path) : undefined;
  if (kept) return { table: kept, fingerprint };
  /** @type {(features: Features) => Promise<TableWriter | MemoryTableWriter>} */
  const begin = async (features) =>
    storage ? TableWriter.create(storage, path, { features }) : new MemoryTableWriter(features);
  const types = new CellTypes();
  const read = () => new SplitReader(files, options, begin, types).read();
  try {
    return { table: await read(), fingerprint };
  } catch (error) {
    if (!(error instanceof Retyped)) throw error;
    return { table: await read(), fingerprint };
  }
}

/** The types of CSV columns as far as cells were seen. */
class CellTypes {
  constructor() {
    /** @type {Map<string, CellType>} */
    this._types = new Map();
  }

  /** @param {string} name @returns {CellType} */
  of(name) {
    return this._types.get(name) ?? "null";
  }

  /** @param {Columns} cells @param {Features} declared @returns {string[]} columns whose type changed */
  widen(cells, declared) {
    return Object.keys(cells).filter((name) => {
      if (declared[name] && !(declared[name] instanceof ClassLabel)) return false;
      const before = this.of(name);
      const after = widened(/** @type {any} */ (cells[name]), before);
      this._types.set(name, after);
      return feature_of_cells(after).dtype !== feature_of_cells(before).dtype;
    });
  }
}

/** One pass over a split's files. */
class SplitReader {
  /**
   * @param {readonly Located[]} files
   * @param {import("./readers/read_file.js").ReadOptions & PrepareOptions} options
   * @param {(features: Features) => Promise<TableWriter | MemoryTableWriter>} begin
   * @param {CellTypes} types
   */
  constructor(files, options, begin, types) {
    this._files = files;
    this._options = options;
    this._begin = begin;
    this._types = types;
    /** @type {TableWriter | MemoryTableWriter | undefined} */
    this._writer = undefined;
    /** @type {Features} */
    this._declared = { ...options.features };
    /** Types are only looked at any more; what is written would be wrong. */
    this._looks_only = false;
    this._turn = performance.now();
  }

  /** @returns {Promise<Table>} */
  async read() {
    try {
      /** @type {string[] | undefined} */
      let expected;
      for (const file of this._files) {
        const names = await this._read_file(file);
        check_columns(file, names, expected);
        expected ??= names;
      }
      if (this._looks_only) throw new Retyped();
      this._writer ??= await this._begin({});
      return await this._writer.close();
    } catch (error) {
      await this._writer?.abort();
      throw error;
    }
  }

  /** @param {Located} file @returns {Promise<string[]>} its columns */
  async _read_file(file) {
    const rows = await open_rows(file, this._options);
    try {
      const names = new Set(Object.keys(rows.features ?? {}));
      if (!this._writer) this._declared = { ...rows.features, ...this._declared };
      if (rows.features && rows.num_rows === 0) await this._write(empty_columns(names), rows);
      const raw = [...names].filter((name) => is_text(this._declared[name]));
      for await (const batch of rows.batches(raw)) {
        for (const name of Object.keys(batch)) names.add(name);
        await this._write(batch, rows);
        await this._give_turn();
      }
      return [...names];
    } finally {
      await rows.close();
    }
  }

  /** @param {Columns} batch @param {RowSource} rows */
  async _write(batch, rows) {
    const columns = rows.cells ? this._typed(batch) : batch;
    if (this._looks_only) return;
    this._writer ??= await this._begin(this._declared);
    this._writer.write(columns);
  }

  /** @param {Columns} cells @returns {Columns} */
  _typed(cells) {
    const given = { ...this._options.features }; // own names alone: `dtype` may be one
    const changed = this._types.widen(cells, given);
    if (this._writer && changed.length > 0) this._looks_only = true;
    if (this._looks_only) return {};
    for (const name of Object.keys(cells))
      if (!this._writer && !given[name])
        this._declared[name] = feature_of_cells(this._types.of(name));
    const typed = Object.entries(cells).map(([name, texts]) => [
      name,
      values_of_cells(
        /** @type {any} */ (texts),
        dtype_of_cells(given[name], this._types.of(name)),
      ),
    ]);
    return Object.fromEntries(typed);
  }

  async _give_turn() {
    if (performance.now() - this._turn < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this._turn = performance.now();
  }
}

/** @param {Iterable<string>} names @returns {Columns} */
const empty_columns = (names) => Object.fromEntries([...names].map((name) => [name, []]));

/** A column that a later file lacks is null in its rows. @param {Located} file @param {string[]} names @param {string[] | undefined} expected */
function check_columns({ source, path }, names, expected) {
  if (!expected || names.every((name) => expected.includes(name))) return;
  throw new TunelabError(
    `${source.location}/${path} has the columns ${names.join(", ")}; the files before it have ${expected.join(", ")}`,
    "TL_ERR_FORMAT",
  );
}
