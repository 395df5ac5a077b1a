// The rows of data files as a stream, a file a shard: read by ranges where that can be, never kept.
import {
  dtype_of_cells,
  feature_of_cells,
  values_of_cells,
  widened,
} from "../readers/csv_types.js";
import { encode_value } from "../features.js";
import { kind_of_located, open_rows } from "../readers/read_file.js";
import { memory_table } from "../table/table_writer.js";
import { WrittenFloat } from "../table/written_float.js";
import { ShardedExamples } from "./examples.js";
import { rows_of } from "./row_functions.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("../readers/read_file.js").Located} Located */
/** @typedef {import("../readers/read_file.js").ReadOptions} ReadOptions */
/** @typedef {import("../../hub/file_source.js").FileSource} FileSource */

/** @param {FileSource} source @param {string} path */
function open_here(source, path) {
  const remote = /** @type {any} */ (source).open_remote;
  return remote ? remote.call(source, path) : source.open(path);
}

/** CSV's cells as values: of the type that all cells of the column had so far. */
class CellReader {
  constructor() {
    /** @type {Record<string, import("../readers/csv_types.js").CellType>} */
    this._types = {};
  }

  /** @param {Record<string, ArrayLike<any>>} cells @param {Features} declared */
  typed(cells, declared) {
    /** @type {Record<string, any[]>} */
    const made = {};
    for (const [name, texts] of Object.entries(cells)) {
      const list = /** @type {any} */ (texts);
      this._types[name] = widened(list, this._types[name] ?? "null");
      made[name] = values_of_cells(list, dtype_of_cells(declared[name], this._types[name]));
    }
    return made;
  }

  /** @returns {Features} of the columns so far */
  features() {
    const types = Object.entries(this._types).map(([name, type]) => [name, feature_of_cells(type)]);
    return Object.fromEntries(types);
  }
}

/** Numbers instead of BigInt where they are exact, and of floats that are whole. @param {any} value @returns {any} */
function plain(value) {
  if (value instanceof WrittenFloat) return value.value;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value?.constructor !== Object) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/**
 * Values as datasets have them: plain, and of the declared types, names of labels as integers; a declared column that
 * is not there holds nulls.
 * @param {Record<string, ArrayLike<any>>} columns at least one
 * @param {Features} declared
 */
function encoded(columns, declared) {
  const made = Object.entries(columns).map(([name, values]) => {
    const feature = declared[name];
    const shown = Array.from(values, plain);
    return [name, feature ? shown.map((value) => encode_value(feature, value)) : shown];
  });
  const { length } = Object.values(columns)[0] ?? [];
  const missing = Object.keys(declared).filter((name) => !Object.hasOwn(columns, name));
  const nulls = missing.map((name) => [name, Array(length).fill(null)]);
  return Object.fromEntries([...made, ...nulls]);
}

/**
 * @param {Located} file
 * @param {ReadOptions} options
 * @param {Features} declared
 */
async function* rows_of_file(file, options, declared) {
  const opened = await open_rows(file, options, open_here);
  const cells = opened.cells ? new CellReader() : undefined;
  try {
    for await (const batch of opened.batches())
      yield* rows_of(encoded(cells ? cells.typed(batch, declared) : batch, declared));
  } finally {
    await opened.close();
  }
}

/**
 * @param {readonly Located[]} files
 * @param {ReadOptions} options
 * @param {Features} declared types over what the files say
 */
export function file_examples(files, options, declared) {
  const typed = files.some((file) => kind_of_located(file) === "parquet");
  return new ShardedExamples(
    files.map((file) => () => rows_of_file(file, options, declared)),
    { in_blocks: typed || Object.keys(declared).length > 0 },
  );
}

/**
 * The columns' types: as declared, as the first file tells, or as its first rows have them.
 * @param {readonly Located[]} files
 * @param {ReadOptions} options
 * @param {Features} declared
 * @returns {Promise<Features>}
 */
export async function stream_features(files, options, declared) {
  if (files.length === 0) return declared;
  const opened = await open_rows(files[0], options, open_here);
  try {
    if (opened.features) return { ...opened.features, ...declared };
    const cells = new CellReader();
    for await (const batch of opened.batches()) {
      if (!opened.cells)
        return { ...memory_table(/** @type {any} */ (batch)).features, ...declared };
      cells.typed(batch, declared);
      break;
    }
    return { ...cells.features(), ...declared };
  } finally {
    await opened.close();
  }
}
