// Which files make up which split: the Hub's naming, dataset cards, data_files.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ClassLabel, load_dataset } from "../../web/lib/index.js";
import { repository, temporary_folder } from "./support.js";

/** A folder with the given files, each a JSON Lines file whose one row is its own path. */
async function folder_with(t, paths, extra = {}) {
  const folder = await temporary_folder(t);
  const files = {
    ...Object.fromEntries(paths.map((path) => [path, `{"path": "${path}"}\n`])),
    ...extra,
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const contents = (splits) =>
  Object.fromEntries(Object.entries(splits).map(([name, rows]) => [name, [...rows["path"]]]));

test("the embedded emotion dataset loads with its splits and class names", async () => {
  const dataset = await load_dataset(repository("assets/hub/datasets/tunelab/emotion"));
  assert.deepEqual(Object.keys(dataset), ["train", "validation", "test"]);
  assert.deepEqual(dataset.train.features.label.names, [
    "sadness",
    "joy",
    "love",
    "anger",
    "fear",
    "surprise",
  ]);
});

test("sharded files data/{split}-00000-of-0000n make splits, in the usual order", async (t) => {
  const folder = await folder_with(t, [
    "data/test-00000-of-00001.jsonl",
    "data/train-00001-of-00002.jsonl",
    "data/train-00000-of-00002.jsonl",
    "other.jsonl",
  ]);
  assert.deepEqual(contents(await load_dataset(folder)), {
    train: ["data/train-00000-of-00002.jsonl", "data/train-00001-of-00002.jsonl"],
    test: ["data/test-00000-of-00001.jsonl"],
  });
});

for (const [what, paths, expected] of [
  [
    "words in file names",
    ["my_train_file.jsonl", "dev.jsonl", "eval-1.jsonl"],
    { train: ["my_train_file.jsonl"], validation: ["dev.jsonl"], test: ["eval-1.jsonl"] },
  ],
  [
    "words in folder names, before those in file names",
    ["training/test.jsonl", "validation/b.jsonl"],
    { train: ["training/test.jsonl"], validation: ["validation/b.jsonl"] },
  ],
  [
    "no such word: all is the training split",
    ["b.jsonl", "a.jsonl"],
    { train: ["a.jsonl", "b.jsonl"] },
  ],
  [
    "a word within a word does not count",
    ["contest.jsonl", "strain.jsonl"],
    { train: ["contest.jsonl", "strain.jsonl"] },
  ],
])
  test(`splits by name: ${what}`, async (t) => {
    assert.deepEqual(contents(await load_dataset(await folder_with(t, paths))), expected);
  });

const CARD = `---
configs:
- config_name: small
  data_files:
  - split: train
    path: small/tr*.jsonl
  - split: test
    path: [small/x.jsonl]
- config_name: large
  data_files: large/*.jsonl
dataset_info:
- config_name: small
  features:
  - name: path
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': bad
          '1': good
---
# A dataset
`;

test("a dataset card's configurations choose files and types", async (t) => {
  const row = '{"path": "p", "label": "good"}\n';
  const folder = await folder_with(t, ["large/a.jsonl"], {
    "README.md": CARD,
    "small/train.jsonl": row,
    "small/x.jsonl": row,
  });
  const small = await load_dataset(folder, "small");
  assert.deepEqual(Object.keys(small), ["train", "test"]);
  assert.ok(small.train.features.label instanceof ClassLabel);
  assert.deepEqual([...small.train["label"]], [1], "text labels become the card's integers");
  assert.deepEqual(contents(await load_dataset(folder, "large")), { train: ["large/a.jsonl"] });
  await assert.rejects(load_dataset(folder), /Config name is missing.* \['small', 'large'\]/);
  await assert.rejects(
    load_dataset(folder, "huge"),
    /BuilderConfig 'huge' not found. Available: \['small', 'large'\]/,
  );
});

test("data_files names files by split; split picks one", async (t) => {
  const folder = await folder_with(t, ["a.jsonl", "b.jsonl"]);
  const data_files = { train: join(folder, "a.jsonl"), test: join(folder, "b.jsonl") };
  assert.deepEqual(contents(await load_dataset("json", { data_files })), {
    train: ["a.jsonl"],
    test: ["b.jsonl"],
  });
  assert.equal((await load_dataset("json", { data_files, split: "test" })).num_rows, 1);
  await assert.rejects(load_dataset("json", { data_files, split: "dev" }), /Unknown split "dev"/);
});

test("what is missing is said: folder, file, data", async (t) => {
  const empty = await temporary_folder(t);
  await assert.rejects(load_dataset(join(empty, "nowhere")), /there is no folder .*nowhere/);
  await assert.rejects(load_dataset(empty), /holds no data files; expected csv, tsv/);
  await assert.rejects(
    load_dataset("csv", { data_files: join(empty, "x.csv") }),
    /x\.csv cannot be read/,
  );
});

test("files of a split must have the same columns", async (t) => {
  const folder = await folder_with(t, ["a.jsonl"], { "b.jsonl": '{"text": "x"}\n' });
  await assert.rejects(
    load_dataset(folder),
    /b\.jsonl has the columns text; the files before it have path/,
  );
});

test("a kind's name reads files of any name, by patterns too, or a whole folder of them", async (t) => {
  const folder = await folder_with(t, ["en/train.jsonl", "en/test.jsonl", "en/more/a1.jsonl"], {
    "table.data": "a;b\n1;2\n",
    "notes.csv": "x\ny\n",
  });
  const csv = await load_dataset("csv", { data_files: `${folder}/table.data`, sep: ";" });
  assert.deepEqual(csv.train.slice(), { a: [1], b: [2] });
  const text = await load_dataset("text", { data_files: `${folder}/notes.csv`, split: "train" });
  assert.deepEqual([...text["text"]], ["x", "y"]);
  const patterns = { test: `${folder}/en/te*.jsonl`, train: [`${folder}/en/**/a?.jsonl`] };
  assert.deepEqual(contents(await load_dataset("json", { data_files: patterns })), {
    test: ["en/test.jsonl"],
    train: ["en/more/a1.jsonl"],
  });
  assert.deepEqual(contents(await load_dataset("json", { data_dir: `${folder}/en` })), {
    train: ["en/train.jsonl"],
    test: ["en/test.jsonl"],
  });
  const within = { data_dir: "en", data_files: "more/*" };
  assert.deepEqual(contents(await load_dataset(folder, within)), { train: ["en/more/a1.jsonl"] });
  await assert.rejects(
    load_dataset("json", { data_files: `${folder}/z*.jsonl` }),
    /there is no file that matches .*z\*\.jsonl/,
  );
});

test("a card tells how its files are read, and the order of their columns", async (t) => {
  const card =
    '---\nconfigs:\n- config_name: default\n  data_files: a.csv\n  sep: ";"\n' +
    "dataset_info:\n  features:\n  - name: text\n    dtype: string\n  - name: n\n    dtype: float32\n---\n";
  const folder = await folder_with(t, [], { "README.md": card, "a.csv": "n;text\n1;x\n" });
  const { train } = await load_dataset(folder);
  assert.deepEqual(train.column_names, ["text", "n"]);
  assert.equal(String(train.features.n), "Value('float32')");
  const streamed = await load_dataset(folder, { split: "train", streaming: true });
  for await (const row of streamed) assert.deepEqual(row, { n: 1, text: "x" });
});

test("files of another kind beside a split's many are none of its rows", async (t) => {
  const folder = await folder_with(t, ["info.jsonl"], { "a.csv": "n\n1\n", "b.csv": "n\n2\n" });
  assert.deepEqual((await load_dataset(folder)).train.slice(), { n: [1, 2] });
});
