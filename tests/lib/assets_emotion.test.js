// The emotion dataset in assets/hub: as balanced, complete and free of leaks as its card says, and true to its source.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parse } from "yaml";
import { nearDuplicates, similarity, wordsOf } from "../../tools/emotion/near_duplicates.js";
import { faultOf, readSentences, splitRows } from "../../tools/emotion/sentences.js";

const folder = new URL("../../assets/hub/datasets/tunelab/emotion/", import.meta.url);
const names = ["sadness", "joy", "love", "anger", "fear", "surprise"];
const sizes = { train: 1260, validation: 270, test: 270 };

const bytesOf = (split) => {
  const bytes = readFileSync(new URL(`data/${split}-00000-of-00001.parquet`, folder));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
const rowsOf = async (split) =>
  (await parquetReadObjects({ file: bytesOf(split) })).map(({ text, label }) => ({
    text,
    label: Number(label),
  }));
const card = () => {
  const [, header] = readFileSync(new URL("README.md", folder), "utf8").split(/^---$/m);
  return parse(header);
};

test("every split has its size and each class equally often", async () => {
  for (const [split, size] of Object.entries(sizes)) {
    const rows = await rowsOf(split);
    const counts = names.map((_, label) => rows.filter((row) => row.label === label).length);
    assert.deepEqual(counts, Array(names.length).fill(size / names.length), split);
    assert.equal(rows.length, size);
  }
});

test("the classes come mixed, so that a batch holds several", async () => {
  for (const split of Object.keys(sizes)) {
    const rows = await rowsOf(split);
    for (let start = 0; start + 16 <= rows.length; start += 16) {
      const present = new Set(rows.slice(start, start + 16).map(({ label }) => label));
      assert.ok(present.size >= 3, `${split}, rows from ${start}: labels ${[...present]}`);
    }
  }
});

test("no two sentences are nearly the same, in one split or across splits", async () => {
  const splits = await Promise.all(Object.keys(sizes).map(rowsOf));
  assert.deepEqual(nearDuplicates(splits.flat().map(({ text }) => text)), []);
});

test("a near duplicate is found in spite of case, accents, punctuation and word order", () => {
  const texts = ["The café was closed, sadly!", "Nothing like it.", "sadly the cafe WAS closed"];
  assert.deepEqual(nearDuplicates(texts), [[texts[0], texts[2]]]);
});

test("two sentences count as one from seven words of ten in common", () => {
  const common = "one two three four five six seven";
  assert.equal(similarity(wordsOf(`${common} eight nine`), wordsOf(`${common} ten`)), 0.7);
  assert.equal(nearDuplicates([`${common} eight nine`, `${common} ten`]).length, 1);
  assert.equal(nearDuplicates([`${common} eight nine`, `${common} ten eleven`]).length, 0);
});

test("the committed rows are those that the source gives", async () => {
  const splits = splitRows(readSentences());
  for (const split of Object.keys(sizes)) {
    assert.deepEqual(await rowsOf(split), splits[split], `run tools/emotion/build.js: ${split}`);
  }
});

test("a new sentence moves at most one other of its class across each border", () => {
  const rows = readSentences();
  const before = splitRows(rows);
  const after = splitRows([...rows, { text: "A sentence that was not there before.", label: 0 }]);
  for (const split of Object.keys(sizes)) {
    const kept = new Set(after[split].map(({ text }) => text));
    const moved = before[split].filter(({ text }) => !kept.has(text));
    assert.ok(moved.length <= 1, `${moved.length} left ${split}`);
  }
});

test("a sentence too short, too long or untidy is refused with its fault", () => {
  assert.equal(faultOf("Four words are enough."), undefined);
  assert.match(String(faultOf("Three are few.")), /expected 4 to 35 words, found 3/);
  assert.match(String(faultOf("word ".repeat(36).trim())), /expected 4 to 35 words, found 36/);
  assert.match(String(faultOf("Two  spaces in a row.")), /single spaces/);
  assert.match(String(faultOf("")), /expected 4 to 35 words/);
});

test("the Parquet files carry the features, as the datasets library writes them", () => {
  for (const [split, size] of Object.entries(sizes)) {
    const metadata = parquetMetadata(bytesOf(split));
    const entry = metadata.key_value_metadata?.find(({ key }) => key === "huggingface");
    assert.deepEqual(JSON.parse(String(entry?.value)).info.features, {
      text: { dtype: "string", _type: "Value" },
      label: { names, _type: "ClassLabel" },
    });
    assert.equal(Number(metadata.num_rows), size);
    const [, text, label] = metadata.schema;
    assert.deepEqual([text.name, text.type, text.converted_type], ["text", "BYTE_ARRAY", "UTF8"]);
    assert.deepEqual([label.name, label.type], ["label", "INT64"]);
  }
});

test("the card names the classes, the splits, their sizes and their files", () => {
  const { dataset_info: info, configs, license } = card();
  assert.equal(license, "apache-2.0");
  const classes = info.features.find(({ name }) => name === "label").dtype.class_label.names;
  assert.deepEqual(Object.entries(classes), Object.entries(names));
  const listed = info.splits.map(({ name, num_examples: count }) => [name, count]);
  assert.deepEqual(listed, Object.entries(sizes));
  assert.deepEqual(
    configs[0].data_files,
    Object.keys(sizes).map((split) => ({ split, path: `data/${split}-*` })),
  );
  const bytes = Object.keys(sizes).reduce((sum, split) => sum + bytesOf(split).byteLength, 0);
  assert.equal(info.download_size, bytes);
});
