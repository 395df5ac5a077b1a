// One data file of any kind as batches of columns: what load_dataset and streaming read.
import { TunelabError } from "../../core/errors.js";
import { EXTENSIONS, kind_of } from "../data_files.js";
import { open_csv } from "./csv_reader.js";
import { open_json } from "./json_reader.js";
import { open_parquet } from "./parquet_reader.js";
import { open_text } from "./text_reader.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("../../hub/file_source.js").FileSource} FileSource */
/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {"csv" | "json" | "parquet" | "text"} FileKind */
/** @typedef {{source: FileSource, path: string, kind?: FileKind}} Located kind: default: by the name's ending */
/** @typedef {Record<string, ArrayLike<any>>} Columns */

/**
 * A file's rows.
 * @typedef {object} RowSource
 * @property {number} [num_rows] where the file tells
 * @property {Features} [features] the columns' types, where the file tells; else they are those of the values
 * @property {boolean} [cells] the values are CSV's cells: text, "" for none, to be typed by whoever reads
 * @property {(raw_text?: readonly string[]) => AsyncGenerator<Columns>} batches some hundreds or thousands
 *   of rows at a time. Of the columns named, texts may come as UTF-8 bytes, which saves decoding what is encoded
 *   again, or as LentTexts (lent_texts.js), lent until the next batch
 */

/**
 * What readers know of load_dataset's options.
 * @typedef {import("./csv_reader.js").CsvOptions & {field?: string, columns?: readonly string[],
 *   sample_by?: "line" | "paragraph" | "document", keep_linebreaks?: boolean}} ReadOptions
 */

/** Their names: what a file's table depends on beside the file. */
export const READ_OPTIONS = /** @type {const} */ ([
  "delimiter",
  "sep",
  "quotechar",
  "quoting",
  "column_names",
  "names",
  "skiprows",
  "encoding",
  "field",
  "columns",
  "sample_by",
  "keep_linebreaks",
]);

/** @param {Located} located @returns {FileKind | undefined} */
export const kind_of_located = ({ path, kind }) => kind ?? kind_of(path);

/**
 * Opens a file by its kind. The caller closes it.
 * @param {Located} located
 * @param {ReadOptions} options
 * @param {(source: FileSource, path: string) => Promise<OpenFile>} [open] default: source.open
 * @returns {Promise<RowSource & {close: () => Promise<void>}>}
 * @throws {TunelabError} for files of no known kind, and what their readers throw
 */
export async function open_rows(located, options, open = (from, name) => from.open(name)) {
  const { source, path } = located;
  const location = `${source.location}/${path}`;
  const kind = kind_of_located(located);
  if (!kind)
    throw new TunelabError(
      `${location} is of no known kind; files end in ${Object.keys(EXTENSIONS).join(", ")}`,
    );
  const file = await open(source, path);
  const close = () => file.close();
  try {
    if (kind === "csv") return { ...open_csv(file, path, options, location), close };
    if (kind === "json") return { ...open_json(file, path, options, location), close };
    if (kind === "text") return { ...open_text(file, path, options, location), close };
    return { ...(await open_parquet(file, options, location)), close };
  } catch (error) {
    await close();
    throw error;
  }
}
