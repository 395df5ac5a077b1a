// Reads the datasets in assets/hub, and checks what holds of each: the same bytes from the same source, features, card.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parse } from "yaml";
import { parquetOf } from "../../tools/datasets/write_dataset.js";

/** @typedef {Record<string, number>} Sizes rows of each split */

const file = (dataset, path) =>
  readFileSync(new URL(`../../assets/hub/datasets/tunelab/${dataset}/${path}`, import.meta.url));

const bytesOf = (dataset, split) => file(dataset, `data/${split}-00000-of-00001.parquet`);

const bufferOf = (dataset, split) => {
  const bytes = bytesOf(dataset, split);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};

/** A split's rows, with labels as numbers. */
export const rowsOf = async (dataset, split) =>
  (await parquetReadObjects({ file: bufferOf(dataset, split) })).map((row) => ({
    ...row,
    label: Number(row.label),
  }));

/** Batches of 16 rows, the last incomplete one left out, hold at least so many classes. */
export function assertMixed(rows, leastClasses, split) {
  for (let start = 0; start + 16 <= rows.length; start += 16) {
    const present = new Set(rows.slice(start, start + 16).map(({ label }) => label));
    assert.ok(present.size >= leastClasses, `${split}, rows from ${start}: labels ${[...present]}`);
  }
}

/** Parquet files and card are those that the dataset's build writes. */
export function assertReproduced(dataset, features, splits, datasetCard) {
  const written = Object.entries(splits).map(([name, rows]) => {
    const bytes = Buffer.from(parquetOf(features, rows));
    const advice = `run tools/${dataset}/build.js: ${name}`;
    assert.ok(bytes.equals(bytesOf(dataset, name)), advice);
    return { name, rows, fileBytes: bytes.length };
  });
  assert.equal(datasetCard(written), file(dataset, "README.md").toString());
}

/** The Parquet files carry the features, as the datasets library writes them, and so many rows. */
export function assertFeatures(dataset, sizes, features) {
  for (const [split, size] of Object.entries(sizes)) {
    const metadata = parquetMetadata(bufferOf(dataset, split));
    const entry = metadata.key_value_metadata?.find(({ key }) => key === "huggingface");
    assert.deepEqual(JSON.parse(String(entry?.value)).info.features, features);
    assert.equal(Number(metadata.num_rows), size);
    const [, ...columns] = metadata.schema;
    const typeOf = ({ _type, dtype }) => (_type === "ClassLabel" ? "INT64" : dtype);
    const types = { string: "BYTE_ARRAY", int32: "INT32", INT64: "INT64" };
    assert.deepEqual(
      columns.map(({ name, type, converted_type: text }) => [name, type, text === "UTF8"]),
      Object.entries(features).map(([name, feature]) => [
        name,
        types[typeOf(feature)],
        feature.dtype === "string",
      ]),
    );
  }
}

/** The card's header names the classes, the splits, their sizes and their files. */
export function assertCard(dataset, sizes, names) {
  const [, header] = file(dataset, "README.md").toString().split(/^---$/m);
  const { dataset_info: info, configs, license } = parse(header);
  assert.equal(license, "apache-2.0");
  const classes = info.features.find(({ name }) => name === "label").dtype.class_label.names;
  assert.deepEqual(Object.entries(classes), Object.entries(names));
  const listed = info.splits.map(({ name, num_examples: count }) => [name, count]);
  assert.deepEqual(listed, Object.entries(sizes));
  assert.deepEqual(
    configs[0].data_files,
    Object.keys(sizes).map((split) => ({ split, path: `data/${split}-*` })),
  );
  const bytes = Object.keys(sizes).reduce((sum, split) => sum + bytesOf(dataset, split).length, 0);
  assert.equal(info.download_size, bytes);
}
