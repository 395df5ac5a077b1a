// What from_pretrained's options mean, as in transformers: subfolder, options that change nothing, labels that disagree, and
// misspelt ones, which are refused.
import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { AutoConfig, AutoModelForSequenceClassification, set_seed } from "../../web/lib/index.js";
import { SubfolderSource } from "../../web/lib/hub/subfolder_source.js";
import { open_source } from "../../web/lib/hub/file_source.js";
import { hub_for, logits_of, MODEL } from "./hub_support.js";
import { logged, PAIR_MODEL, repository, start_core, temporary_folder } from "./support.js";

before(() => start_core());

test("subfolder: all files are those of the folder within", async (t) => {
  const folder = await temporary_folder(t);
  await cp(PAIR_MODEL, join(folder, "models/encoder"), { recursive: true });
  const expected = await logits_of(PAIR_MODEL);
  for (const subfolder of ["models/encoder", "models/encoder/"])
    assert.deepEqual(await logits_of(folder, { subfolder }), expected);
  assert.deepEqual(await logits_of(join(folder, "models"), { subfolder: "encoder" }), expected);
  await assert.rejects(AutoConfig.from_pretrained(folder, { subfolder: "encoder" }), {
    message: /\/encoder holds no config\.json/,
  });
  for (const subfolder of ["../models", "/models", "models/..", "models\\encoder", 3])
    await assert.rejects(AutoConfig.from_pretrained(folder, { subfolder }), {
      message: /subfolder is .*; expected a folder's path within/,
    });
});

test("subfolder: of a repository on the Hub too, whose other files are not seen", async (t) => {
  const { options } = await hub_for(t);
  await assert.rejects(AutoConfig.from_pretrained(MODEL, { ...options, subfolder: "encoder" }), {
    message: new RegExp(`${MODEL}.*/encoder holds no config\\.json`),
  });
  const whole = await open_source(repository("assets/hub/tunelab"));
  const part = new SubfolderSource(whole, "bert-tiny-random");
  const alone = await open_source(repository(`assets/hub/${MODEL}`));
  assert.deepEqual(await part.list(), await alone.list());
});

test("options that choose between ways to the same result change nothing and are not saved", async (t) => {
  const folder = await temporary_folder(t);
  const ways = { attn_implementation: "eager", device_map: "auto", trust_remote_code: true };
  set_seed(3);
  const model = await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL, ways);
  await model.save_pretrained(folder);
  const saved = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  for (const name of Object.keys(ways)) assert.ok(!(name in saved), name);
  assert.deepEqual(await logits_of(PAIR_MODEL, ways), await logits_of(PAIR_MODEL));
});

test("a misspelt option is refused with what may have been meant", async () => {
  const load = (options) => AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL, options);
  await assert.rejects(load({ num_label: 3 }), {
    message: /unexpected option 'num_label'; expected .*; did you mean num_labels\?$/,
  });
  await assert.rejects(load({ hiden_dropout_prob: 0 }), {
    message: /unexpected option 'hiden_dropout_prob'.*did you mean hidden_dropout_prob\?$/,
  });
  await assert.rejects(load({ entirely_unknown: 1 }), { message: /or a field of config\.json$/ });
});

test("names of labels count more than a number that disagrees, and a warning says so", async () => {
  const id2label = { 0: "no", 1: "maybe", 2: "yes" };
  let config;
  const warnings = await logged(async () => {
    config = await AutoConfig.from_pretrained(PAIR_MODEL, { num_labels: 2, id2label });
  });
  assert.deepEqual(config.id2label, id2label);
  assert.match(warnings[0], /num_labels: 2, .*id2label map of length 3/);
  const silent = await logged(() =>
    AutoConfig.from_pretrained(PAIR_MODEL, { num_labels: 3, id2label }),
  );
  assert.deepEqual(silent, []);
});
