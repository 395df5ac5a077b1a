// Rows as CSV and JSON text, a batch at a time.
import { dtype_of } from "../features.js";
import { is_date, is_float } from "../table/storage_type.js";

/** @typedef {import("../dataset_view.js").DatasetView} DatasetView */
/** @typedef {import("../features.js").Feature} Feature */

const utf8 = new TextEncoder();

/** A float, which shows that it is one: 1.0. @param {number} value */
function float_text(value) {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/**
 * A value as JSON, which tells its type when it is read: floats show their point, integers all their digits, points
 * in time are milliseconds since 1970, as the datasets library writes them; NaN and infinities are null.
 * @param {any} value
 * @param {Feature} feature
 * @returns {string}
 */
function json_text(value, feature) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return String(value.getTime());
  if (value instanceof Uint8Array) return JSON.stringify([...value]);
  if (dtype_of(feature) === "list")
    return `[${value.map((/** @type {any} */ each) => json_text(each, feature.feature)).join()}]`;
  if (dtype_of(feature) === "struct") {
    const fields = Object.entries(feature).map(
      ([name, each]) => `${JSON.stringify(name)}:${json_text(value[name], each)}`,
    );
    return `{${fields.join()}}`;
  }
  if (is_float(dtype_of(feature))) return Number.isFinite(value) ? float_text(value) : "null";
  return JSON.stringify(value);
}

/**
 * How a batch's points in time are written, as pandas does: days where all are midnights, else no more digits than
 * one of them needs; those with a time zone always with their time.
 * @param {readonly (Date | null)[]} dates
 * @param {string} dtype
 * @returns {(date: Date) => string}
 */
function date_writer(dates, dtype) {
  const zoned = dtype.includes("tz=");
  const every = (/** @type {number} */ step) =>
    dates.every((date) => date === null || date.getTime() % step === 0);
  const end = !zoned && every(86_400_000) ? 10 : every(1000) ? 19 : 23;
  const zone = zoned ? "+00:00" : "";
  return (date) => date.toISOString().replace("T", " ").slice(0, end) + zone;
}

/**
 * @param {any} value
 * @param {Feature} feature
 * @param {(date: Date) => string} date_text
 */
function cell_text(value, feature, date_text) {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof Date) return date_text(value);
  if (typeof value === "object") return json_text(value, feature);
  return is_float(dtype_of(feature)) ? float_text(value) : String(value);
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
  const features = names.map((name) => dataset.features[name]);
  if (header) yield utf8.encode(line(index ? ["", ...names] : [...names]));
  for (const { columns, begin, rows } of batches(dataset, batch_size)) {
    const dates = names.map((name, i) =>
      is_date(dtype_of(features[i])) ? date_writer(columns[name], dtype_of(features[i])) : String,
    );
    const lines = Array.from({ length: rows }, (_, row) => {
      const cells = names.map((name, i) => cell_text(columns[name][row], features[i], dates[i]));
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
  const features = names.map((name) => dataset.features[name]);
  const keys = names.map((name) => `${JSON.stringify(name)}:`);
  if (!lines) yield utf8.encode("[");
  for (const { columns, begin, rows } of batches(dataset, batch_size)) {
    const texts = Array.from({ length: rows }, (_, row) => {
      const fields = names.map((name, i) => keys[i] + json_text(columns[name][row], features[i]));
      return `{${fields.join()}}`;
    });
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
