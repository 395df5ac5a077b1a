// From the columns that a function makes, turn by turn, to the table of the result. Old columns that
// stay are not copied: the new ones stand beside them.
import { TunelabError } from "../../core/errors.js";
import { fingerprint_of } from "../fingerprint.js";
import { memory_table } from "../table/table_writer.js";
import { fitting_feature } from "./kept_types.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("./map_options.js").Settings} Settings */
/** @typedef {import("./row_work.js").Columns} Columns */
/** @typedef {import("./row_work.js").Turn} Turn */
/** @typedef {import("../table/table.js").Table} Table */

/**
 * What takes rows and becomes a table: of a file, or of memory.
 * @typedef {object} Writer
 * @property {(columns: Columns) => void} write
 * @property {() => Promise<Table>} close
 * @property {() => Promise<void>} abort
 */

/**
 * How a result's table stands to the dataset's: the result's columns in their order, and which of them
 * are the dataset's own.
 * @typedef {{order: string[], kept: string[]}} Shape
 */

export class ResultMaker {
  /**
   * @param {Dataset} dataset
   * @param {Settings & {features?: Features}} settings features: declared types of the result
   * @param {(features: Features) => Promise<Writer>} open_writer given declared types; called once
   *   the first rows are there
   */
  constructor(dataset, settings, open_writer) {
    this._dataset = dataset;
    this._settings = settings;
    this._open_writer = open_writer;
    /** @type {Writer | undefined} */
    this._writer = undefined;
    /** @type {string[]} */
    this._kept = [];
    /** @type {Set<string>} */
    this._made = new Set();
  }

  /** @param {Columns} columns the first turn's */
  async _begin(columns) {
    const { remove_columns, features } = this._settings;
    const { column_names } = this._dataset;
    const old = { ...this._dataset.features }; // own names alone: `dtype` may be one
    const stays = (/** @type {string} */ name) => !remove_columns.includes(name);
    this._kept = column_names.filter((name) => stays(name) && !(name in columns));
    /** @type {Features} */
    const declared = {};
    for (const [name, values] of Object.entries(columns)) {
      if (features?.[name]) declared[name] = features[name];
      else if (old[name]) Object.assign(declared, fitting_feature(name, old[name], values));
    }
    this._writer = await this._open_writer(declared);
  }

  /**
   * @param {Turn} turn
   * @param {Columns} columns as the function made them
   */
  async add(turn, columns) {
    if (!this._writer) await this._begin(columns);
    this._check(turn, columns);
    for (const name of Object.keys(columns)) this._made.add(name);
    this._writer?.write(columns);
  }

  /** @param {Turn} turn @param {Columns} columns */
  _check({ begin, end }, columns) {
    const [name] = Object.keys(columns);
    if (this._kept.length > 0 && name !== undefined && columns[name].length !== end - begin)
      throw new TunelabError(
        `map: the function returned another number of rows than it was given (${columns[name].length} for rows ` +
          `${begin} to ${end - 1}); remove_columns must then name all old columns (${this._kept.join(", ")})`,
      );
    const late = this._kept.find((kept) => kept in columns);
    if (late !== undefined)
      throw new TunelabError(
        `map: the function returned column ${late} for rows from ${begin} on, but not before; it must return it always or never`,
      );
  }

  /** @returns {Promise<{table: Table, shape: Shape}>} */
  async finish() {
    const table = await /** @type {Writer} */ (this._writer).close();
    // A column that is removed and made anew keeps its place, as in the datasets library.
    const old = this._dataset.column_names.filter(
      (name) => this._kept.includes(name) || this._made.has(name),
    );
    const order = [...new Set([...old, ...this._made])];
    return { table, shape: { order, kept: this._kept } };
  }

  async abort() {
    await this._writer?.abort();
  }
}

/**
 * Whether a kept result begins with what the function makes of the first rows.
 * @param {Table} table
 * @param {Columns} columns
 */
export function begins_with(table, columns) {
  const names = Object.keys(columns);
  if (names.some((name) => !table.has(name))) return false;
  const rows = names.length > 0 ? columns[names[0]].length : 0;
  if (rows > table.num_rows) return false;
  const types = Object.fromEntries(names.map((name) => [name, table.features[name]]));
  const fresh = memory_table(columns, types);
  const print = (/** @type {Table} */ of, /** @type {string} */ name) =>
    fingerprint_of(of.column(name).slice(0, rows));
  return names.every((name) => print(fresh, name) === print(table, name));
}
