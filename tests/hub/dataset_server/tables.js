// Reading data files, and writing those that are not Parquet as Parquet.
import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetWriteFile } from "hyparquet-writer";

/** @typedef {import("hyparquet").FileMetaData} FileMetaData */
/** @typedef {Record<string, any>} Row */

/** @param {string} file @returns {Promise<FileMetaData>} */
export async function parquet_metadata(file) {
  return parquetMetadataAsync(await asyncBufferFromFile(file));
}

/**
 * Rows [begin, end) of a Parquet file, as JSON has them.
 * @param {string} file
 * @param {number} [begin]
 * @param {number} [end]
 * @returns {Promise<Row[]>}
 */
export async function parquet_rows(file, begin, end) {
  const buffer = await asyncBufferFromFile(file);
  const rows = await parquetReadObjects({
    file: buffer,
    compressors,
    rowStart: begin,
    rowEnd: end,
  });
  return rows.map(plain);
}

/** @param {any} value @returns {any} int64 as numbers, what is missing as null */
function plain(value) {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || value instanceof Date) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/**
 * The rows of a CSV, TSV, JSON, JSON Lines, text or Parquet file.
 * @param {string} file
 * @returns {Promise<Row[]>}
 */
export async function rows_of(file) {
  if (file.endsWith(".parquet")) return parquet_rows(file);
  const text = await readFile(file, "utf8");
  const lines = () => text.split(/\r?\n/).filter((line) => line !== "");
  if (file.endsWith(".jsonl")) return lines().map((line) => JSON.parse(line));
  if (file.endsWith(".txt")) return lines().map((line) => ({ text: line }));
  if (file.endsWith(".json")) {
    const value = text.trimStart().startsWith("[") ? JSON.parse(text) : undefined;
    return value ?? lines().map((line) => JSON.parse(line));
  }
  const tabs = file.endsWith(".tsv");
  /** @type {Row[]} */
  const rows = parse(text, {
    columns: true,
    delimiter: tabs ? "\t" : ",",
    quote: tabs ? null : '"',
  });
  return typed(rows);
}

/** Cells to numbers, in columns where every cell is one; empty cells to null. @param {Row[]} rows */
function typed(rows) {
  const names = Object.keys(rows[0] ?? {});
  for (const name of names) {
    const cells = rows.map((row) => row[name]).filter((cell) => cell !== "");
    const numbers = cells.length > 0 && cells.every((cell) => Number.isFinite(Number(cell)));
    for (const row of rows)
      row[name] = row[name] === "" ? null : numbers ? Number(row[name]) : row[name];
  }
  return rows;
}

/** Parquet's type for a column. @param {any[]} values */
function type_of(values) {
  const filled = values.filter((value) => value !== null && value !== undefined);
  if (filled.every((value) => typeof value === "boolean") && filled.length > 0) return "BOOLEAN";
  if (!filled.every((value) => typeof value === "number") || filled.length === 0) return "STRING";
  return filled.every(Number.isInteger) ? "INT64" : "DOUBLE";
}

/**
 * @param {string} file
 * @param {Row[]} rows of plain values: text, numbers, booleans, null
 * @param {{key: string, value?: string}[]} [kvMetadata] such as the datasets library's features
 */
export function write_parquet(file, rows, kvMetadata) {
  const columnData = Object.keys(rows[0] ?? {}).map((name) => {
    const values = rows.map((row) => row[name] ?? null);
    const type = type_of(values);
    const data =
      type === "INT64" ? values.map((value) => (value === null ? null : BigInt(value))) : values;
    return { name, data, type: /** @type {import("hyparquet-writer").BasicType} */ (type) };
  });
  parquetWriteFile({ filename: file, columnData, kvMetadata });
}
