// load_dataset by names on the Hub: configurations, splits and their slices, near names, scripts.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  ClassLabel,
  get_dataset_config_names,
  get_dataset_split_names,
  load_dataset,
  load_dataset_builder,
  ReadInstruction,
} from "../../web/lib/index.js";
import { folder_with, hub_for } from "./hub_support.js";
import { logged, start_core } from "./support.js";

before(() => start_core());

const CARD = `---
configs:
- config_name: mrpc
  data_files:
  - split: train
    path: mrpc/train*.csv
  - split: validation
    path: mrpc/validation.csv
- config_name: rte
  data_files: [{split: train, path: rte/train.jsonl}]
dataset_info:
- config_name: mrpc
  features:
  - name: sentence
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': not_equivalent
          '1': equivalent
---
`;

/** @param {number} from @param {number} to */
const rows = (from, to) =>
  Array.from({ length: to - from }, (_, i) => `text ${from + i},${(from + i) % 2}\n`).join("");
const csv = (from, to) => `sentence,label\n${rows(from, to)}`;

/** A stand-in with a dataset "glue" of two configurations, and one that is a script. */
async function glue(t, options) {
  const root = await folder_with(t, {
    "datasets/glue/README.md": CARD,
    "datasets/glue/mrpc/train-0.csv": csv(0, 60),
    "datasets/glue/mrpc/train-1.csv": csv(60, 100),
    "datasets/glue/mrpc/validation.csv": csv(0, 8),
    "datasets/glue/rte/train.jsonl": '{"premise": "a", "label": 1}\n',
    "datasets/old/reviews/reviews.py": "raise SystemExit",
    "datasets/old/reviews/train.csv": csv(0, 6),
  });
  return hub_for(t, { root, ...options });
}

const numbers = (dataset) => dataset["sentence"].map((text) => Number(text.slice(5)));

test("a name and a configuration give typed splits; the second start downloads nothing", async (t) => {
  const { options, asked } = await glue(t);
  const splits = await load_dataset("glue", "mrpc", options);
  assert.deepEqual(splits.num_rows, { train: 100, validation: 8 });
  assert.ok(splits.train.features.label instanceof ClassLabel);
  assert.equal(splits.train.features.label.int2str(splits.train[1].label), "equivalent");
  asked();
  assert.deepEqual((await load_dataset("glue", "mrpc", options)).num_rows, splits.num_rows);
  assert.deepEqual(asked(), ["hub GET /api/datasets/glue/revision/main 200"]);
  const offline = { ...options, local_files_only: true };
  assert.deepEqual((await load_dataset("glue", "mrpc", offline)).num_rows, splits.num_rows);
  assert.deepEqual(asked(), []);
});

test("a split expression gives its rows, and only its splits' files are fetched", async (t) => {
  const { options, asked } = await glue(t);
  const load = (split) => load_dataset("glue", "mrpc", { ...options, split });
  assert.deepEqual(numbers(await load("validation[-2:]")), [6, 7]);
  assert.ok(!asked().some((line) => line.includes("train")), "the training files are left alone");
  assert.deepEqual(numbers(await load("train[:3%]")), [0, 1, 2]);
  assert.deepEqual(numbers(await load("train[58:62]")), [58, 59, 60, 61]);
  assert.deepEqual(numbers(await load("validation[:1]+train[99:]")), [0, 99]);
  assert.equal((await load("all")).num_rows, 108);
  const [first, second] = await load([
    "train[:1]",
    new ReadInstruction("validation", { from_: 7 }),
  ]);
  assert.deepEqual([numbers(first), numbers(second)], [[0], [7]]);
  await assert.rejects(load("dev"), /Unknown split "dev"\. Should be one of train, validation\./);
});

test("configurations and splits can be asked for without reading rows", async (t) => {
  const { options, asked } = await glue(t);
  assert.deepEqual(await get_dataset_config_names("glue", options), ["mrpc", "rte"]);
  assert.deepEqual(await get_dataset_split_names("glue", "mrpc", options), ["train", "validation"]);
  const builder = await load_dataset_builder("glue", "mrpc", options);
  assert.equal(
    String(builder.features),
    "{'sentence': Value('string'), 'label': ClassLabel(names=['not_equivalent', 'equivalent'])}",
  );
  assert.ok(!asked().some((line) => line.includes(".csv")));
});

test("a name that is none is answered with those that are near", async (t) => {
  const { options } = await glue(t);
  await assert.rejects(load_dataset("glue", options), /Config name is missing.*\['mrpc', 'rte'\]/);
  await assert.rejects(
    load_dataset("glue", "mrcp", options),
    /BuilderConfig 'mrcp' not found\. Available: \['mrpc', 'rte'\]; did you mean 'mrpc'\?/,
  );
  await assert.rejects(load_dataset("gluee", "mrpc", options), /no dataset "gluee".*glue/);
});

test("files and folders of a repository can be chosen", async (t) => {
  const { options } = await glue(t);
  const chosen = await load_dataset("glue", {
    ...options,
    name: "mrpc",
    data_files: { dev: "mrpc/validation.csv" },
  });
  assert.deepEqual(chosen.num_rows, { dev: 8 });
  const folder = await load_dataset("glue", { ...options, name: "rte", data_dir: "rte" });
  assert.deepEqual(folder.train[0], { premise: "a", label: 1 });
});

test("a dataset that is a script is read from the Hub's Parquet files; its code is never run", async (t) => {
  const { options } = await glue(t, { settings: { partial: ["datasets/old/reviews"] } });
  const lines = await logged(async () => {
    const { train } = await load_dataset("old/reviews", options);
    assert.deepEqual(numbers(train), [0, 1, 2], "half of the rows, as the stand-in converts them");
  });
  assert.equal(lines.length, 1);
  assert.match(lines[0], /converted only the first rows of the split train of default/);
  await assert.rejects(
    load_dataset("old/reviews", { ...options, trust_remote_code: true }),
    /trust_remote_code is not supported: no code of datasets is run/,
  );
});

test("options that load_dataset does not know, and files that are not there, are refused", async (t) => {
  const { options } = await glue(t);
  await assert.rejects(
    load_dataset("glue", "mrpc", { ...options, spilt: "train" }),
    /load_dataset has no option spilt; it has .*split/,
  );
  await assert.rejects(
    load_dataset("glue", "mrpc", { ...options, download_mode: "always" }),
    /download_mode is reuse_dataset_if_exists, .* not always/,
  );
  await assert.rejects(load_dataset("nowhere.csv"), /there is no file nowhere\.csv/);
});
