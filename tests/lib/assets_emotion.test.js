// The emotion dataset in assets/hub: as balanced, complete and free of leaks as its card says, and true to its source.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearDuplicates, similarity, wordsOf } from "../../tools/datasets/near_duplicates.js";
import { datasetCard } from "../../tools/emotion/card.js";
import { faultOf, features, readSentences, splitRows } from "../../tools/emotion/sentences.js";
import {
  assertCard,
  assertFeatures,
  assertMixed,
  assertReproduced,
  rowsOf,
} from "./assets_support.js";

const names = ["sadness", "joy", "love", "anger", "fear", "surprise"];
const sizes = { train: 1260, validation: 270, test: 270 };

test("every split has its size and each class equally often", async () => {
  for (const [split, size] of Object.entries(sizes)) {
    const rows = await rowsOf("emotion", split);
    const counts = names.map((_, label) => rows.filter((row) => row.label === label).length);
    assert.deepEqual(counts, Array(names.length).fill(size / names.length), split);
    assert.equal(rows.length, size);
  }
});

test("the classes come mixed, so that a batch holds several", async () => {
  for (const split of Object.keys(sizes)) assertMixed(await rowsOf("emotion", split), 3, split);
});

test("no two sentences are nearly the same, in one split or across splits", async () => {
  const splits = await Promise.all(Object.keys(sizes).map((split) => rowsOf("emotion", split)));
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
    const advice = `run tools/emotion/build.js: ${split}`;
    assert.deepEqual(await rowsOf("emotion", split), splits[split], advice);
  }
});

test("the committed files are, byte for byte, those that the build writes", () => {
  assertReproduced("emotion", features, splitRows(readSentences()), datasetCard);
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
  assertFeatures("emotion", sizes, {
    text: { dtype: "string", _type: "Value" },
    label: { names, _type: "ClassLabel" },
  });
});

test("the card names the classes, the splits, their sizes and their files", () => {
  assertCard("emotion", sizes, names);
});
