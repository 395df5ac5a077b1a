// The files of one split, one after the other, as one dataset.
import { TunelabError } from "../core/errors.js";
import { read_text } from "../hub/file_source.js";
import { read_csv } from "./csv_reader.js";
import { EXTENSIONS, kind_of } from "./data_files.js";
import { Dataset } from "./dataset.js";
import { read_json_rows } from "./json_reader.js";
import { read_parquet } from "./parquet_reader.js";

/** @typedef {import("./features.js").Features} Features */
/** @typedef {{source: import("../hub/file_source.js").FileSource, path: string}} Located a file */

/**
 * @typedef {object} ReadOptions
 * @property {string} [field] JSON: where in the file the list of rows stands
 * @property {string} [delimiter] CSV
 * @property {number} [quoting] CSV
 * @property {readonly string[]} [column_names] CSV
 */

/**
 * @param {Located} file
 * @param {ReadOptions} options
 * @returns {Promise<{columns: Record<string, any[]>, features?: Features}>}
 */
async function read_table({ source, path }, options) {
  const location = `${source.location}/${path}`;
  const kind = kind_of(path);
  if (kind === "csv")
    return { columns: read_csv(await read_text(source, path), options, location) };
  if (kind === "json") {
    const rows = read_json_rows(await read_text(source, path), options, location);
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const columns = names.map((name) => [name, rows.map((row) => row[name] ?? null)]);
    return { columns: Object.fromEntries(columns) };
  }
  if (kind !== "parquet")
    throw new TunelabError(
      `${location} is of no known kind; files end in ${Object.keys(EXTENSIONS).join(", ")}`,
    );
  const file = await source.open(path);
  try {
    return await read_parquet(file, location);
  } finally {
    await file.close();
  }
}

/**
 * @param {Located[]} files one split's, end to end
 * @param {ReadOptions} options
 * @param {Features} features
 */
export async function read_split(files, options, features) {
  /** @type {Record<string, any[]>} */
  const columns = {};
  /** @type {Features} */
  let stored = {};
  let rows = 0;
  for (const file of files) {
    const table = await read_table(file, options);
    const names = Object.keys(table.columns);
    const expected = rows === 0 ? names : Object.keys(columns);
    if (names.length !== expected.length || names.some((name) => !expected.includes(name)))
      throw new TunelabError(
        `${file.source.location}/${file.path} has the columns ${names.join(", ")}; the files before it have ${expected.join(", ")}`,
        "TL_ERR_FORMAT",
      );
    for (const name of names)
      columns[name] = columns[name]
        ? columns[name].concat(table.columns[name])
        : table.columns[name];
    stored = { ...stored, ...table.features };
    rows += table.columns[names[0]]?.length ?? 0;
  }
  return Dataset.from_dict(columns, { ...stored, ...features });
}
