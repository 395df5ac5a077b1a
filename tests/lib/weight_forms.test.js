// Weights in every form that folders hold them in give the same model, bit for bit; what contradicts itself is told in a line.
import assert from "node:assert/strict";
import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { AutoModelForSequenceClassification, torch } from "../../web/lib/index.js";
import { folder_with, hub_for } from "./hub_support.js";
import { golden, logged, repository, start_core, temporary_folder } from "./support.js";

before(() => start_core());

const FORMS = repository("tests/reference/goldens/checkpoints");
const FIRST_SHARD = "model-00001-of-00002.safetensors";
const { forms, inputs, logits } = await golden("checkpoints/case.json");

const load = (place, options) => AutoModelForSequenceClassification.from_pretrained(place, options);

/** @param {string} place */
async function logits_of(place, options) {
  const model = await load(place, options);
  const batch = Object.entries(inputs).map(([name, rows]) => [name, torch.tensor(rows)]);
  const result = model(Object.fromEntries(batch)).logits.tolist();
  model.free();
  return result;
}

/** A copy of a form's folder, to be spoilt. */
async function copy_of(t, form) {
  const folder = await temporary_folder(t);
  await cp(join(FORMS, form), folder, { recursive: true });
  return folder;
}

async function change_json(folder, name, change) {
  const value = JSON.parse(await readFile(join(folder, name), "utf8"));
  change(value);
  await writeFile(join(folder, name), JSON.stringify(value));
}

test("the weights compute what torch computes", async () => {
  const own = await logits_of(join(FORMS, "whole"));
  // Sums of 12 to 96 products of numbers below 2, in float32.
  own.flat().forEach((value, i) => assert.ok(Math.abs(value - logits.flat()[i]) < 2e-6));
});

for (const form of forms.filter((name) => name !== "whole"))
  test(`${form} gives the same logits as model.safetensors, bit for bit`, async () => {
    assert.deepEqual(await logits_of(join(FORMS, form)), await logits_of(join(FORMS, "whole")));
  });

test("weights in several files and torch's load from the Hub as from a folder, with nothing to warn of", async (t) => {
  const files = {};
  for (const form of ["sharded_safetensors", "torch_zip", "torch_legacy"])
    for (const name of await readdir(join(FORMS, form)))
      files[`org/${form}/${name}`] = await readFile(join(FORMS, form, name));
  const { options } = await hub_for(t, { root: await folder_with(t, files) });
  const expected = await logits_of(join(FORMS, "whole"));
  for (const form of ["sharded_safetensors", "torch_zip", "torch_legacy"]) {
    let found;
    const warnings = await logged(async () => (found = await logits_of(`org/${form}`, options)));
    assert.deepEqual(found, expected);
    assert.deepEqual(warnings, []);
  }
});

test("safetensors come before torch's file, and use_safetensors chooses", async (t) => {
  const folder = await copy_of(t, "whole");
  await writeFile(join(folder, "pytorch_model.bin"), "spoilt");
  const expected = await logits_of(join(FORMS, "whole"));
  assert.deepEqual(await logits_of(folder), expected);
  await assert.rejects(load(folder, { use_safetensors: false }), /pytorch_model\.bin: /);
  await cp(join(FORMS, "torch_zip/pytorch_model.bin"), join(folder, "pytorch_model.bin"));
  assert.deepEqual(await logits_of(folder, { use_safetensors: false }), expected);
  await rm(join(folder, "model.safetensors"));
  await assert.rejects(
    load(folder, { use_safetensors: true }),
    /holds no model\.safetensors \(use_safetensors is true\)/,
  );
  await rm(join(folder, "pytorch_model.bin"));
  await assert.rejects(load(folder, { use_safetensors: false }), /holds no pytorch_model\.bin/);
});

test("folders with weights of TensorFlow or Flax alone say how they are converted", async (t) => {
  for (const [name, option] of [
    ["tf_model.h5", /from_tf=True/],
    ["flax_model.msgpack", /from_flax=True/],
  ]) {
    const folder = await copy_of(t, "whole");
    await rename(join(folder, "model.safetensors"), join(folder, name));
    await assert.rejects(load(folder), (error) => {
      assert.match(error.message, new RegExp(`holds its weights as ${name} only`));
      assert.match(error.message, option);
      return true;
    });
  }
});

const INDEX = "model.safetensors.index.json";
const BIAS = "classifier.bias";

/** What is done to a folder of shards, and what is said of it. */
const SPOILT_INDEXES = {
  "a missing shard": [
    (folder) => rm(join(folder, FIRST_SHARD)),
    /index\.json names model-00001-of-00002\.safetensors, which is missing/,
  ],
  "an index without a map": [
    (folder) => writeFile(join(folder, INDEX), "{}"),
    /index\.json has no weight_map/,
  ],
  "an index that leaves the folder": [
    (folder) =>
      change_json(folder, INDEX, (index) => (index.weight_map[BIAS] = "../x.safetensors")),
    /has classifier\.bias in "\.\.\/x\.safetensors"; expected the name of a \.safetensors file beside it/,
  ],
  "an index that names another kind of file": [
    (folder) => change_json(folder, INDEX, (index) => (index.weight_map[BIAS] = "config.json")),
    /has classifier\.bias in "config\.json"; expected/,
  ],
  "an index that names a number": [
    (folder) => change_json(folder, INDEX, (index) => (index.weight_map[BIAS] = 7)),
    /has classifier\.bias in 7; expected/,
  ],
  "an index that is wrong about a tensor's file": [
    (folder) =>
      change_json(folder, INDEX, ({ weight_map }) => {
        const paths = [...new Set(Object.values(weight_map))];
        weight_map[BIAS] = paths.find((path) => path !== weight_map[BIAS]);
      }),
    /has classifier\.bias in model-0000\d-of-00002\.safetensors, which does not hold it/,
  ],
  "an index of a tensor that no file has": [
    (folder) => change_json(folder, INDEX, (index) => (index.weight_map.more = FIRST_SHARD)),
    /has more in model-00001-of-00002\.safetensors, which does not hold it/,
  ],
  "a tensor in two shards": [
    (folder) => cp(join(folder, FIRST_SHARD), join(folder, "model-00002-of-00002.safetensors")),
    /holds the tensor \S+ twice: in model-00001-of-00002\.safetensors and in model-00002-of-00002/,
  ],
  "a truncated shard": [
    async (folder) => {
      const bytes = await readFile(join(folder, FIRST_SHARD));
      await writeFile(join(folder, FIRST_SHARD), bytes.subarray(0, -1));
    },
    /model-00001-of-00002\.safetensors: the safetensors file is truncated/,
  ],
};

for (const [what, [spoil, message]] of Object.entries(SPOILT_INDEXES))
  test(`${what} is refused in one line`, async (t) => {
    const folder = await copy_of(t, "sharded_safetensors");
    await spoil(folder);
    await assert.rejects(load(folder), (error) => {
      assert.match(error.message, message);
      assert.ok(!error.message.includes("\n"));
      return true;
    });
  });
