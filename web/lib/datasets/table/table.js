// A table: columns of one length with their types. It never changes; what is made of it shares its
// columns.
import { TunelabError } from "../../core/errors.js";
import { did_you_mean } from "../../core/near_names.js";
import { JoinedColumn, TakenColumn } from "./column_views.js";
import { NullColumn } from "./made_columns.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("./column_views.js").TableColumn} TableColumn */

/**
 * @typedef {object} TableOrigin
 * @property {readonly {storage: import("../storage/storage.js").Storage, path: string}[]} files that it is
 *   read from; none for a table in memory
 * @property {any} [metadata] what the writer kept beside the rows
 */

export class Table {
  /**
   * @param {Record<string, TableColumn>} columns
   * @param {Features} features of the same names
   * @param {number} num_rows also where there is no column
   * @param {TableOrigin} [origin]
   */
  constructor(columns, features, num_rows, origin = { files: [] }) {
    this._columns = columns;
    this.features = features;
    this.num_rows = num_rows;
    this.files = origin.files;
    this.metadata = origin.metadata;
  }

  get column_names() {
    return Object.keys(this._columns);
  }

  /** @param {string} name */
  has(name) {
    return Object.hasOwn(this._columns, name);
  }

  /** @param {string} name */
  column(name) {
    if (this.has(name)) return this._columns[name];
    const near = did_you_mean(name, this.column_names);
    throw new TunelabError(
      `there is no column ${name}; the columns are ${this.column_names.join(", ")}${near}`,
    );
  }

  /**
   * The columns of these names, in this order.
   * @param {readonly string[]} names
   */
  select(names) {
    return this.renamed(Object.fromEntries(names.map((name) => [name, name])));
  }

  /**
   * Some columns, under new names.
   * @param {Record<string, string>} names the new name of each old one, in the new order
   */
  renamed(names) {
    const pairs = Object.entries(names);
    const columns = pairs.map(([name, made]) => [made, this.column(name)]);
    const features = pairs.map(([name, made]) => [made, this.features[name]]);
    return new Table(
      Object.fromEntries(columns),
      Object.fromEntries(features),
      this.num_rows,
      this,
    );
  }

  /**
   * This table with another's columns beside it; where both have a name, the other's in its place.
   * @param {Table} other as many rows
   */
  beside(other) {
    if (other.column_names.length === 0) return this;
    if (other.num_rows !== this.num_rows && this.column_names.length > 0)
      throw new TunelabError(
        `columns of ${other.num_rows} rows cannot stand beside columns of ${this.num_rows}`,
      );
    return new Table(
      { ...this._columns, ...other._columns },
      { ...this.features, ...other.features },
      other.num_rows,
      { files: [...this.files, ...other.files], metadata: this.metadata },
    );
  }

  /**
   * This table's types declared otherwise; the values stay as they are stored.
   * @param {Features} features
   */
  with_features(features) {
    return new Table(this._columns, { ...this.features, ...features }, this.num_rows, this);
  }

  /**
   * The columns of these features, in their order and declared so; a column that is not there holds nulls.
   * @param {Features} features
   */
  completed(features) {
    const names = Object.keys(features);
    const missing = names.filter((name) => !this.has(name));
    const columns = missing.map((name) => [name, new NullColumn(this.num_rows)]);
    const nulls = new Table(Object.fromEntries(columns), features, this.num_rows);
    return this.beside(nulls).select(names).with_features(features);
  }

  /**
   * Some rows, in any order; nothing is copied.
   * @param {Int32Array} rows
   */
  taken(rows) {
    const columns = Object.entries(this._columns).map(([name, column]) => [
      name,
      new TakenColumn(column, rows),
    ]);
    return new Table(Object.fromEntries(columns), this.features, rows.length, this);
  }

  /**
   * Tables of the same columns, one after the other.
   * @param {readonly Table[]} tables at least one
   */
  static one_after_other(tables) {
    const [first] = tables;
    const columns = first.column_names.map((name) => [
      name,
      new JoinedColumn(tables.map((table) => table.column(name))),
    ]);
    const rows = tables.reduce((sum, table) => sum + table.num_rows, 0);
    const files = tables.flatMap((table) => table.files);
    return new Table(Object.fromEntries(columns), first.features, rows, { files });
  }
}
