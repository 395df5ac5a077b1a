// The paraphrase dataset in assets/hub: in MRPC's columns, free of leaks, true to its source, and not to be had by counting words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSentences } from "../../tools/emotion/sentences.js";
import {
  accuracyOf,
  bestRule,
  majority,
  sharedOpenings,
} from "../../tools/paraphrase/baselines.js";
import { datasetCard } from "../../tools/paraphrase/card.js";
import { checkPairs, leaks } from "../../tools/paraphrase/checks.js";
import { features, pairOf, readPairs, splitPairs } from "../../tools/paraphrase/pairs.js";
import { load_dataset, task_settings } from "../../web/lib/index.js";
import {
  assertCard,
  assertFeatures,
  assertMixed,
  assertReproduced,
  rowsOf,
} from "./assets_support.js";
import { repository, start_core } from "./support.js";

const names = ["not_equivalent", "equivalent"];
const sizes = { train: 686, validation: 147, test: 147 };
const allRows = async () =>
  (await Promise.all(Object.keys(sizes).map((split) => rowsOf("paraphrase", split)))).flat();

test("splits have their sizes and the classes in the same proportion, numbered through all of them", async () => {
  const all = await allRows();
  assert.ok(all.length >= 900);
  assert.deepEqual(
    all.map(({ idx }) => idx),
    all.map((_, place) => place),
  );
  for (const [split, size] of Object.entries(sizes)) {
    const rows = await rowsOf("paraphrase", split);
    assert.equal(rows.length, size);
    // One pair of 147 is 0.7 %, and a class's quota is rounded.
    assert.ok(Math.abs(majority(rows) - majority(all)) < 0.007, split);
    assertMixed(rows, 2, split);
  }
});

test("no sentence comes back in another pair or among the emotions, whole or nearly", async () => {
  const emotions = readSentences().map(({ text }) => text);
  assert.deepEqual(leaks(await allRows(), emotions), []);
});

const pair = (sentence1, sentence2, label = 1) => ({ sentence1, sentence2, label });
const bread = "The baker on the corner sells bread on Sundays.";
const snow = "Snow kept the children at home until Wednesday.";

test("a leak is found between pairs and to another dataset, but not within a pair", () => {
  const alike = pair(bread, "On Sundays the baker on the corner sells bread.");
  assert.deepEqual(leaks([alike], []), []);
  assert.deepEqual(leaks([alike, pair(snow, bread)], []), [
    [bread, bread],
    [alike.sentence2, bread],
  ]);
  assert.deepEqual(leaks([pair(bread, snow)], [snow.toLowerCase(), snow]), [
    [snow, snow.toLowerCase()],
    [snow, snow],
  ]);
});

test("pairs out of balance are refused", () => {
  const far = "Nobody at the office remembers where those keys went.";
  assert.throws(() => checkPairs([pair(bread, snow)], [far]), /0.5 to 0.6 .* equivalent, found 1/);
});

test("pairs that shared words tell apart are refused, whichever class shares more", () => {
  const same = pair(bread, "The baker on the corner sells bread on Mondays.", 0);
  const other = pair(snow, "Until midweek pupils could not go to school.", 1);
  assert.throws(() => checkPairs([same, other], []), /shared words tells 1 of the pairs apart/);
  const swapped = [
    { ...same, label: 1 },
    { ...other, label: 0 },
  ];
  assert.throws(() => checkPairs(swapped, []), /shared words tells 1 of the pairs apart/);
});

test("a threshold on shared words learnt on train is hardly better than guessing on test", async () => {
  const [train, rows] = [await rowsOf("paraphrase", "train"), await rowsOf("paraphrase", "test")];
  const accuracy = accuracyOf(rows, bestRule(train));
  assert.ok(accuracy < 0.65, `${accuracy}`);
  assert.ok(accuracyOf(train, bestRule(train)) >= majority(train));
});

test("openings hardly tell the classes apart either", async () => {
  const all = await allRows();
  const openings = (label) => sharedOpenings(all.filter((row) => row.label === label));
  // Calling pairs equivalent whose first words differ.
  const [others, equivalent] = [openings(0), openings(1)];
  const accuracy = majority(all) * (1 - equivalent) + (1 - majority(all)) * others;
  assert.ok(accuracy < 0.65, `${accuracy}`);
  assert.equal(sharedOpenings([pair(bread, "the Baker left."), pair(bread, snow)]), 0.5);
});

test("the committed files are, byte for byte, those that the build writes", () => {
  assertReproduced("paraphrase", features, splitPairs(readPairs()), datasetCard);
});

test("a malformed line is refused with its fault", () => {
  const faultOf = (...fields) => {
    const parsed = pairOf(fields.join("\t"));
    return "fault" in parsed ? parsed.fault : undefined;
  };
  assert.deepEqual(pairOf(`0\t${bread}\t${snow}`), { row: pair(bread, snow, 0) });
  assert.match(faultOf("1", bread), /a label and two sentences, parted by tabs/);
  assert.match(faultOf("1", bread, snow, ""), /a label and two sentences, parted by tabs/);
  assert.match(faultOf("2", bread, snow), /label 0 \(not equivalent\) or 1 \(equivalent\)/);
  assert.match(faultOf("1", bread, bread), /two different sentences/);
  assert.match(faultOf("1", bread, "The baker sells bread."), /8 to 28 words, found 4/);
  assert.match(faultOf("1", `${bread} `, snow), /single spaces/);
});

test("the Parquet files carry MRPC's features, as the datasets library writes them", () => {
  assertFeatures("paraphrase", sizes, {
    sentence1: { dtype: "string", _type: "Value" },
    sentence2: { dtype: "string", _type: "Value" },
    label: { names, _type: "ClassLabel" },
    idx: { dtype: "int32", _type: "Value" },
  });
});

test("the card names the classes, the splits, their sizes and their files", () => {
  assertCard("paraphrase", sizes, names);
});

test("it loads by its folder as MRPC does, and is a known task scored as MRPC is", async () => {
  await start_core();
  const splits = await load_dataset(repository("assets/hub/datasets/tunelab/paraphrase"));
  assert.deepEqual(splits.train.column_names, ["sentence1", "sentence2", "label", "idx"]);
  assert.deepEqual(splits.train.features.label.names, names);
  assert.equal(task_settings("tunelab/paraphrase"), task_settings("glue", "mrpc"));
});
