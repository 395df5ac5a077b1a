// Columns of a table given other types: numbers are kept in memory in their new type, texts and lists
// are cast each time they are read.
import { error_text, TunelabError } from "../../core/errors.js";
import { dtype_of } from "../features.js";
import { MadeColumn } from "../table/made_columns.js";
import { Table } from "../table/table.js";
import { MemoryTableWriter } from "../table/table_writer.js";
import { cast_between } from "./cast_value.js";

/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {import("../table/column_views.js").TableColumn} TableColumn */

/** Rows cast at a time. */
const STEP = 1000;

/**
 * @param {TableColumn} column
 * @param {(value: any) => any} make of a value that is not null
 * @param {string} name
 * @returns {Generator<any[]>} the column's values, made, in pieces
 * @throws {TunelabError} for a value that cannot be made, naming the row
 */
function* made_values(column, make, name) {
  for (let begin = 0; begin < column.length; begin += STEP) {
    const values = column.slice(begin, Math.min(column.length, begin + STEP));
    for (let i = 0; i < values.length; ++i) {
      try {
        if (values[i] !== null) values[i] = make(values[i]);
      } catch (error) {
        throw new TunelabError(
          `column ${name}, row ${begin + i}: ${error_text(error)}`,
          "TL_ERR_FORMAT",
          error,
        );
      }
    }
    yield values;
  }
}

/**
 * A table of one column of numbers, made of another column's values.
 * @param {TableColumn} column
 * @param {(value: any) => any} make of a value that is not null
 * @param {string} name
 * @param {Feature} feature of what is made
 */
export function made_numbers(column, make, name, feature) {
  const writer = new MemoryTableWriter({ [name]: feature });
  if (column.length === 0) writer.write({ [name]: [] });
  for (const values of made_values(column, make, name)) writer.write({ [name]: values });
  return writer.finish();
}

/**
 * @param {Table} table
 * @param {Record<string, Feature>} features the new types, by column
 * @returns {Table}
 * @throws {TunelabError} for values that do not fit their new type, naming the row
 */
export function cast_columns(table, features) {
  let made = table;
  for (const [name, feature] of Object.entries(features)) {
    const cast = cast_between(table.features[name], feature, name);
    if (cast === null) made = made.with_features({ [name]: feature });
    else made = made.beside(cast_column(table, name, cast, feature));
  }
  return made;
}

/**
 * @param {Table} table @param {string} name @param {(value: any) => any} cast @param {Feature} feature
 */
function cast_column(table, name, cast, feature) {
  const column = table.column(name);
  if (/^(u?int|float|bool)/.test(dtype_of(feature)))
    return made_numbers(column, cast, name, feature);
  // Cast once to see that all can be.
  const pieces = made_values(column, cast, name);
  while (!pieces.next().done);
  const views = { [name]: new MadeColumn(column, cast) };
  return new Table(views, { [name]: feature }, table.num_rows, table);
}
