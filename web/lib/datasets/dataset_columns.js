// A dataset's columns: chosen, named, typed, added. Rows stay as they are.
import { TunelabError } from "../core/errors.js";
import { cast_columns, made_numbers } from "./columns/cast_columns.js";
import { DatasetRows } from "./dataset_rows.js";
import { ClassLabel, dtype_of, encode_value, Value } from "./features.js";
import { Features } from "./features/features_dict.js";
import { updated_fingerprint } from "./fingerprint.js";
import { check_name } from "./table/check_name.js";
import { MadeColumn } from "./table/made_columns.js";
import { Table } from "./table/table.js";
import { memory_table } from "./table/table_writer.js";

/** @typedef {import("./features.js").Feature} Feature */
/** @typedef {import("./features.js").FeatureLike} FeatureLike */

/** Text as Python's str() makes it of a value. @param {any} value @param {string} dtype */
function python_text(value, dtype) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return /^float/.test(dtype) && Number.isInteger(value) ? `${value}.0` : String(value);
}

export class DatasetColumns extends DatasetRows {
  /**
   * @param {readonly string[]} names
   * @param {(missing: string) => string} [problem]
   */
  _require_columns(names, problem = (missing) => `Column name ${missing} not in the dataset.`) {
    const missing = names.filter((name) => !this._table.has(name));
    if (missing.length > 0)
      throw new TunelabError(
        `${problem(missing.join(", "))} Current columns in the dataset: ${this.column_names.join(", ")}`,
      );
  }

  /**
   * Some columns, under the same or new names; the format's columns follow.
   * @param {Record<string, string>} names the new name of each old one, in the new order
   * @param {string} fingerprint
   */
  _renamed(names, fingerprint) {
    const made = this._with_table(this._table.renamed(names), fingerprint);
    const columns = this._format.columns?.flatMap((name) => names[name] ?? []) ?? null;
    made._format = { ...this._format, columns };
    return made;
  }

  /**
   * Without some columns.
   * @param {string | readonly string[]} column_names
   * @throws {TunelabError} for columns that are not there
   */
  remove_columns(column_names) {
    const dropped = [column_names].flat();
    this._require_columns(dropped);
    const left = this.column_names.filter((name) => !dropped.includes(name));
    const names = Object.fromEntries(left.map((name) => [name, name]));
    return this._renamed(names, updated_fingerprint(this, "remove_columns", { names: dropped }));
  }

  /**
   * Only some columns, in this order.
   * @param {string | readonly string[]} column_names
   * @throws {TunelabError} for columns that are not there
   */
  select_columns(column_names) {
    const kept = [column_names].flat();
    this._require_columns(kept);
    const names = Object.fromEntries(kept.map((name) => [name, name]));
    return this._renamed(names, updated_fingerprint(this, "select_columns", { names: kept }));
  }

  /**
   * @param {string} original_column_name
   * @param {string} new_column_name
   * @throws {TunelabError} if there is no such column, or one of the new name already
   */
  rename_column(original_column_name, new_column_name) {
    return this.rename_columns({ [original_column_name]: new_column_name });
  }

  /**
   * @param {Record<string, string>} column_mapping the new name of each old one
   * @throws {TunelabError} as rename_column
   */
  rename_columns(column_mapping) {
    const pairs = Object.entries(column_mapping);
    this._require_columns(
      Object.keys(column_mapping),
      (name) => `Original column name ${name} not in the dataset.`,
    );
    const names = Object.fromEntries(
      this.column_names.map((name) => [
        name,
        Object.hasOwn(column_mapping, name) ? column_mapping[name] : name,
      ]),
    );
    const made = Object.values(names);
    const twice = pairs.find(([, name]) => made.indexOf(name) !== made.lastIndexOf(name));
    if (twice)
      throw new TunelabError(
        `New column name ${twice[1]} already in the dataset. Please choose a column name which is not already in the dataset. Current columns in the dataset: ${this.column_names.join(", ")}`,
      );
    if (made.includes("")) throw new TunelabError("New column name is empty.");
    made.forEach(check_name);
    return this._renamed(names, updated_fingerprint(this, "rename_columns", { pairs }));
  }

  /**
   * @param {string} name of a new column
   * @param {ArrayLike<any>} column a value for each row
   * @param {{feature?: FeatureLike}} [options] its type; default: inferred
   * @throws {TunelabError} if there is such a column, or for another number of values
   */
  add_column(name, column, { feature } = {}) {
    if (this._table.has(name))
      throw new TunelabError(
        `The table can't have duplicated columns but columns ${name} are duplicated.`,
      );
    const features = /** @type {any} */ (new Features(feature ? { [name]: feature } : {}));
    const table = memory_table({ [name]: column }, features);
    if (this.num_columns > 0 && table.num_rows !== this.num_rows)
      throw new TunelabError(
        `add_column: column ${name} has ${table.num_rows} values for ${this.num_rows} rows`,
      );
    const args = { name, column: Array.from(column), feature: feature && String(feature) };
    return this._with_rows(
      this._rows().beside(table),
      updated_fingerprint(this, "add_column", args),
    );
  }

  /**
   * With one more row at the end.
   * @param {Record<string, any>} item a column that it lacks is null there
   * @throws {TunelabError} for values that do not fit their column
   */
  add_item(item) {
    const odd = Object.keys(item).find((name) => !this._table.has(name));
    if (odd !== undefined) this._require_columns([odd]);
    const row = encode_value(/** @type {any} */ (this.features), item);
    const columns = this.column_names.map((name) => [name, [row[name]]]);
    const added = memory_table(Object.fromEntries(columns), /** @type {any} */ (this.features));
    const table = Table.one_after_other([this._rows(), added]);
    return this._with_rows(table, updated_fingerprint(this, "add_item", { item }));
  }

  /**
   * The different values of a column, in the order they first appear.
   * @param {string} column
   * @returns {any[]}
   */
  unique(column) {
    return [...new Set(this._plain_column(column))];
  }

  /**
   * All columns given other types.
   * @param {Record<string, FeatureLike>} features of the same columns
   * @throws {TunelabError} for other columns, and values that do not fit, naming the row
   */
  cast(features) {
    const names = Object.keys(features);
    if ([...names].sort().join() !== [...this.column_names].sort().join())
      throw new TunelabError(
        `The columns in features (${names.join(", ")}) must be identical as the columns in the dataset: ${this.column_names.join(", ")}`,
      );
    return this._cast(features).select_columns(names);
  }

  /**
   * Gives a column another type: text to a ClassLabel's integers, numbers to other numbers, …
   * @param {string} column
   * @param {FeatureLike} feature
   * @throws {TunelabError} for values that do not fit, naming the row
   */
  cast_column(column, feature) {
    this._require_columns([column]);
    return this._cast({ [column]: feature });
  }

  /** @param {Record<string, FeatureLike>} types */
  _cast(types) {
    const features = /** @type {Record<string, Feature>} */ (
      /** @type {any} */ (new Features(types))
    );
    const as_text = Object.entries(features).map(([name, feature]) => [name, String(feature)]);
    const fingerprint = updated_fingerprint(this, "cast", { features: as_text });
    const plain = this._table.select(Object.keys(features));
    const changed = Object.entries(features).some(
      ([name, feature]) => String(feature) !== String(plain.features[name]),
    );
    if (!changed) return this._with_table(this._table, this._fingerprint);
    const rows = this._rows();
    const cast = cast_columns(rows.select(Object.keys(features)), features);
    return this._with_rows(rows.beside(cast), fingerprint);
  }

  /**
   * What classes a column's values would be: as text, sorted.
   * @param {string} column of a Value
   * @param {boolean} include_nulls
   * @returns {string[]}
   */
  _class_names(column, include_nulls) {
    this._require_columns([column]);
    const feature = this.features[column];
    if (!(feature instanceof Value))
      throw new TunelabError(
        `Class encoding is only supported for Value column, and column ${column} is ${feature.constructor.name}.`,
      );
    const values = this.unique(column).filter((value) => include_nulls || value !== null);
    return [...new Set(values.map((value) => python_text(value, feature.dtype)))].sort();
  }

  /**
   * Turns a column into a ClassLabel: its different values, as text and sorted, are the names.
   * @param {string} column of a Value
   * @param {{include_nulls?: boolean, names?: readonly string[]}} [options] include_nulls: null is a
   *   class named "None"; else (default) a row without a value stays so. names: the classes in order,
   *   where other rows than these have a say
   * @throws {TunelabError} for columns of lists, and of labels already; for values not among `names`
   */
  class_encode_column(column, { include_nulls = false, names } = {}) {
    const found = this._class_names(column, include_nulls);
    const label = new ClassLabel({ names: names ?? found });
    const { dtype } = this.features[column];
    const numbers = new Map(found.map((name) => [name, label.str2int(name)]));
    const encode = (/** @type {any} */ value) => numbers.get(python_text(value, dtype));
    const stored = this._rows().column(column);
    const shown = include_nulls ? new Filled(stored) : stored;
    const table = made_numbers(shown, encode, column, label);
    const args = { column, include_nulls, names: label.names };
    const fingerprint = updated_fingerprint(this, "class_encode_column", args);
    return this._with_rows(this._rows().beside(table), fingerprint);
  }

  /**
   * Columns of dicts become a column a key, named "column.key".
   * @param {{max_depth?: number}} [options] dicts within dicts so deep; default 16
   */
  flatten({ max_depth = 16 } = {}) {
    let table = this._table;
    for (let depth = 1; depth < max_depth; ++depth) {
      const nested = table.column_names.some((name) => dtype_of(table.features[name]) === "struct");
      if (!nested) break;
      table = flattened(table);
    }
    return this._with_table(table, updated_fingerprint(this, "flatten", { max_depth }));
  }
}

/** A column whose nulls are values, under another name. */
class Filled extends MadeColumn {
  /** @param {import("./table/column_views.js").TableColumn} base */
  constructor(base) {
    super(base, (value) => value);
  }

  /** @param {any} value */
  _made(value) {
    return value ?? "None";
  }
}

/** One level of dicts less. @param {Table} table */
function flattened(table) {
  /** @type {Record<string, import("./table/column_views.js").TableColumn>} */
  const columns = {};
  /** @type {Record<string, Feature>} */
  const features = {};
  for (const name of table.column_names) {
    const feature = table.features[name];
    const column = table.column(name);
    const parts = dtype_of(feature) === "struct" ? Object.keys(feature) : [];
    if (parts.length === 0) Object.assign(columns, { [name]: column });
    if (parts.length === 0) Object.assign(features, { [name]: feature });
    for (const key of parts) {
      columns[`${name}.${key}`] = new MadeColumn(column, (dict) => dict[key] ?? null);
      features[`${name}.${key}`] = feature[key];
    }
  }
  return new Table(columns, features, table.num_rows, table);
}
