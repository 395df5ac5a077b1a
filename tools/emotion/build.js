// Writes assets/hub/datasets/tunelab/emotion/ (Parquet files and the dataset card) from sentences/: node tools/emotion/build.js
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "hyparquet-writer";
import { datasetCard } from "./card.js";
import { nearDuplicates } from "./near_duplicates.js";
import { classNames, readSentences, splitRows } from "./sentences.js";

const target = fileURLToPath(
  new URL("../../assets/hub/datasets/tunelab/emotion/", import.meta.url),
);

// What the datasets library writes into its own Parquet files, and reads the class names from.
const features = {
  info: {
    features: {
      text: { dtype: "string", _type: "Value" },
      label: { names: classNames, _type: "ClassLabel" },
    },
  },
};

/**
 * @param {import("./sentences.js").Row[]} rows
 * @returns {Uint8Array}
 */
function parquetOf(rows) {
  const text = rows.map((row) => row.text);
  const label = rows.map((row) => BigInt(row.label));
  const buffer = parquetWriteBuffer({
    // Nullable, as the datasets library writes columns: it takes the features from files with such columns only.
    columnData: [
      { name: "text", data: text, type: "STRING", nullable: true },
      { name: "label", data: label, type: "INT64", nullable: true },
    ],
    kvMetadata: [{ key: "huggingface", value: JSON.stringify(features) }],
    rowGroupSize: rows.length,
  });
  return new Uint8Array(buffer);
}

/** Checks the sentences and writes everything. */
function build() {
  const rows = readSentences();
  const duplicates = nearDuplicates(rows.map(({ text }) => text));
  if (duplicates.length) {
    const list = duplicates.map(([a, b]) => `  ${a}\n  ${b}`).join("\n\n");
    throw new Error(`Sentences are too alike; reword one of each pair:\n${list}`);
  }
  mkdirSync(`${target}data`, { recursive: true });
  const splits = Object.entries(splitRows(rows)).map(([name, part]) => {
    const bytes = parquetOf(part);
    writeFileSync(`${target}data/${name}-00000-of-00001.parquet`, bytes);
    return { name, rows: part, fileBytes: bytes.length };
  });
  writeFileSync(`${target}README.md`, datasetCard(splits));
  console.log(splits.map(({ name, rows: { length } }) => `${name} ${length}`).join(", "));
}

try {
  build();
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
