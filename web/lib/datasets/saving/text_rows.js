// Rows as CSV and JSON text, a batch at a time.
import { is_float } from "../table/storage_type.js";

/** @typedef {import("../dataset_view.js").DatasetView} DatasetView */

const utf8 = new TextEncoder();

/** A value as JSON can hold it: BigInt as text, bytes as numbers. @param {string} _ @param {any} value */
const plain = (_, value) => {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? [...value] : value;
};

/**
 * @param {any} value
 * @param {boolean} float whether the column's numbers are floats, which show it: 1.0
 */
function cell_text(value, float) {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") return JSON.stringify(value, plain);
  return float && Number.isInteger(value) ? `${value}.0` : String(value);
}

/**
 * @typedef {object} CsvSettings
 * @property {string} [sep] between cells; default ","
 * @property {boolean} [header] whether the first line names the columns; default true
 * @property {boolean} [index] whether the first cell is the row's number; default false
 * @property {number} [batch_size] rows at a time; default 1000
 */

/**
 * @param {DatasetView} dataset
 * @param {CsvSettings} settings
 * @returns {Generator<Uint8Array>}
 */
export function* csv_rows(dataset, { sep = ",", header = true, index = false, batch_size = 1000 }) {
  const special = new RegExp(`["\\r\\n${sep.replace(/[\\\]^-]/g, "\\$&")}]`);
  const quoted = (/** @type {string} */ cell) =>
    special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  /** @param {string[]} cells */
  const line = (cells) => {
    // A line of one empty cell would be no line.
    const empty = cells.length === 1 && cells[0] === "";
    return `${empty ? '""' : cells.map(quoted).join(sep)}\n`;
  };
  const names = dataset.column_names;
  const floats = names.map((name) => is_float(dataset.features[name].dtype));
  if (header) yield utf8.encode(line(index ? ["", ...names] : [...names]));
  for (const { columns, begin, rows } of batches(dataset, batch_size)) {
    const lines = Array.from({ length: rows }, (_, row) => {
      const cells = names.map((name, i) => cell_text(columns[name][row], floats[i]));
      return line(index ? [String(begin + row), ...cells] : cells);
    });
    yield utf8.encode(lines.join(""));
  }
}

/**
 * @param {DatasetView} dataset
 * @param {{lines?: boolean, batch_size?: number}} settings lines: an object a line (default), else one
 *   list of objects
 * @returns {Generator<Uint8Array>}
 */
export function* json_rows(dataset, { lines = true, batch_size = 1000 }) {
  const names = dataset.column_names;
  if (!lines) yield utf8.encode("[");
  for (const { columns, begin, rows } of batches(dataset, batch_size)) {
    const texts = Array.from({ length: rows }, (_, row) =>
      JSON.stringify(Object.fromEntries(names.map((name) => [name, columns[name][row]])), plain),
    );
    const before = lines || begin === 0 ? "" : ",\n";
    yield utf8.encode(before + texts.join(lines ? "\n" : ",\n") + (lines ? "\n" : ""));
  }
  if (!lines) yield utf8.encode("]\n");
}

/**
 * All rows and columns as plain values, whatever the format.
 * @param {DatasetView} dataset
 * @param {number} batch_size
 * @returns {Generator<{columns: Record<string, any[]>, begin: number, rows: number}>}
 */
export function* batches(dataset, batch_size) {
  const plain_rows = dataset.with_format(null);
  for (let begin = 0; begin < dataset.num_rows; begin += batch_size) {
    const end = Math.min(dataset.num_rows, begin + batch_size);
    yield { columns: plain_rows.slice(begin, end), begin, rows: end - begin };
  }
}
