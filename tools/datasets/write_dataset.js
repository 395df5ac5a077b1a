// Writes a dataset as a Hub folder in assets/hub/datasets/tunelab: a Parquet file for each split, and the card.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "hyparquet-writer";
import { parquetColumns } from "./features.js";

/** @typedef {import("./features.js").Row} Row */

/**
 * @param {string} name of the folder; made if it is missing
 * @param {import("./features.js").Features} features
 * @param {Record<string, Row[]>} splits
 * @param {(splits: import("./card_header.js").WrittenSplit[]) => string} datasetCard README.md of the splits as written
 */
export function writeDataset(name, features, splits, datasetCard) {
  const target = fileURLToPath(
    new URL(`../../assets/hub/datasets/tunelab/${name}/`, import.meta.url),
  );
  mkdirSync(`${target}data`, { recursive: true });
  const written = Object.entries(splits).map(([split, rows]) => {
    const bytes = parquetOf(features, rows);
    writeFileSync(`${target}data/${split}-00000-of-00001.parquet`, bytes);
    return { name: split, rows, fileBytes: bytes.length };
  });
  writeFileSync(`${target}README.md`, datasetCard(written));
  console.log(written.map(({ name: split, rows }) => `${split} ${rows.length}`).join(", "));
}

/**
 * @param {import("./features.js").Features} features
 * @param {Row[]} rows
 * @returns {Uint8Array}
 */
export function parquetOf(features, rows) {
  const buffer = parquetWriteBuffer({
    columnData: parquetColumns(features, rows),
    // What the datasets library writes into its own Parquet files, and reads the class names from.
    kvMetadata: [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }],
    rowGroupSize: rows.length,
  });
  return new Uint8Array(buffer);
}
