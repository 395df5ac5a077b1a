// The rows suite's data: short generated sentences with labels, in several Parquet files of several row
// groups, written piece by piece.
import { mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { fileWriter, ParquetWriter } from "hyparquet-writer";

const FILES = 4;
const ROWS_A_GROUP = 50_000;

/** Common words of a WordPiece vocabulary, and some that it splits. */
const WORDS = (
  "the a my this that film book day song game team city house friend story was is felt looked seemed became " +
  "good great happy sad angry quiet strange wonderful terrible boring surprising heartwarming underwhelming " +
  "and but so because very really almost never again today yesterday with without about after before"
).split(" ");

/**
 * A small generator of numbers: the same rows on every machine.
 * @param {number} seed
 */
function numbers(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** @param {number} first @param {number} count @returns {{text: string[], label: Int32Array}} */
function generated(first, count) {
  const next = numbers(first);
  const sentence = () =>
    Array.from({ length: 4 + next(9) }, () => WORDS[next(WORDS.length)]).join(" ");
  return {
    text: Array.from({ length: count }, sentence),
    label: Int32Array.from({ length: count }, () => next(2)),
  };
}

/**
 * @param {string} path
 * @param {number} first the number of the file's first row
 * @param {number} rows
 */
async function write_file(path, first, rows) {
  const writer = new ParquetWriter({
    writer: fileWriter(`${path}.part`),
    schema: [
      { name: "root", num_children: 2 },
      { name: "text", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "label", type: "INT32", repetition_type: "REQUIRED" },
    ],
  });
  for (let row = 0; row < rows; row += ROWS_A_GROUP) {
    const count = Math.min(ROWS_A_GROUP, rows - row);
    const { text, label } = generated(first + row, count);
    const columnData = [
      { name: "text", data: text },
      { name: "label", data: label },
    ];
    await writer.write({ columnData, rowGroupSize: count });
  }
  await writer.finish();
  await rename(`${path}.part`, path);
}

/**
 * The files with `rows` rows in all, below `folder`; made once.
 * @param {string} folder
 * @param {number} rows
 * @returns {Promise<string[]>}
 */
export async function rows_files(folder, rows) {
  const paths = Array.from(
    { length: FILES },
    (_, file) => `${folder}/${rows}-rows/train-${file}.parquet`,
  );
  await mkdir(dirname(paths[0]), { recursive: true });
  const each = rows / FILES;
  for (const [file, path] of paths.entries())
    if (!(await stat(path).catch(() => undefined))) await write_file(path, file * each, each);
  return paths;
}
