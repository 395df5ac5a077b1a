// Tables on the way to a worker: which stored columns they are made of, and how. A worker opens the same
// files.
import { feature_from_json, feature_to_json } from "../features/feature_json.js";
import { open_portable_storage } from "../storage/portable_storage.js";
import { ChunkedColumn } from "./chunked_column.js";
import { JoinedColumn, TakenColumn } from "./column_views.js";
import { Table } from "./table.js";
import { open_table } from "./table_file.js";

/** @typedef {import("./column_views.js").TableColumn} TableColumn */
/** @typedef {import("../storage/storage.js").Storage} Storage */
/** @typedef {{storage: Storage, path: string}[]} Files */

/**
 * A column of a file; or some rows, or the joined rows, of others.
 * @typedef {{file: number, name: string} | {rows: Int32Array, of: PortableColumn} | {joined:
 *   PortableColumn[]}} PortableColumn
 */

/**
 * Plain data that can be posted.
 * @typedef {object} PortableTable
 * @property {{storage: any, path: string}[]} files
 * @property {[name: string, column: PortableColumn, feature: any][]} columns
 * @property {number} num_rows
 */

/**
 * @param {TableColumn} column
 * @param {Files} files gathered on the way
 * @returns {PortableColumn | undefined} undefined for columns in memory
 */
function portable_column(column, files) {
  if (column instanceof TakenColumn) {
    const of = portable_column(column._base, files);
    return of && { rows: column._rows, of };
  }
  if (column instanceof JoinedColumn) {
    const joined = column._parts.map((part) => portable_column(part, files));
    return joined.includes(undefined)
      ? undefined
      : { joined: /** @type {PortableColumn[]} */ (joined) };
  }
  const source = column instanceof ChunkedColumn ? column.source : undefined;
  if (!source) return undefined;
  const { storage, path, name } = source;
  const known = files.findIndex((file) => file.storage === storage && file.path === path);
  return { file: known >= 0 ? known : files.push({ storage, path }) - 1, name };
}

/**
 * @param {Table} table
 * @returns {PortableTable | undefined} undefined if some of it is in memory only
 */
export function portable_table(table) {
  /** @type {Files} */
  const files = [];
  /** @type {PortableTable["columns"]} */
  const columns = [];
  for (const name of table.column_names) {
    const column = portable_column(table.column(name), files);
    if (!column) return undefined;
    columns.push([name, column, feature_to_json(table.features[name])]);
  }
  const portable = files.map(({ storage, path }) => ({ storage: storage.portable, path }));
  if (portable.some(({ storage }) => storage === undefined)) return undefined;
  return { files: portable, columns, num_rows: table.num_rows };
}

/** @param {PortableColumn} portable @param {readonly Table[]} files @returns {TableColumn} */
function restored_column(portable, files) {
  if ("joined" in portable)
    return new JoinedColumn(portable.joined.map((part) => restored_column(part, files)));
  if ("of" in portable) return new TakenColumn(restored_column(portable.of, files), portable.rows);
  return files[portable.file].column(portable.name);
}

/**
 * @param {PortableTable} portable
 * @returns {Promise<Table>}
 */
export async function restored_table({ files, columns, num_rows }) {
  const opened = await Promise.all(
    files.map(async ({ storage, path }) => open_table(await open_portable_storage(storage), path)),
  );
  const restored = columns.map(([name, column]) => [name, restored_column(column, opened)]);
  const features = columns.map(([name, , feature]) => [name, feature_from_json(feature)]);
  return new Table(Object.fromEntries(restored), Object.fromEntries(features), num_rows);
}
