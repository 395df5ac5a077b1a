// Saving and loading: what is saved comes back, and a save that fails leaves what was there.
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import {
  AutoConfig,
  AutoModelForSequenceClassification,
  AutoTokenizer,
  set_seed,
  torch,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { save_folder } from "../../web/lib/hub/save_folder.js";
import {
  compute_metrics,
  logged,
  PAIR_MODEL,
  pair_task,
  repository,
  start_core,
  temporary_folder,
} from "./support.js";

before(() => start_core());

const LABELS = {
  num_labels: 3,
  id2label: { 0: "no", 1: "maybe", 2: "yes" },
  label2id: { no: 0, maybe: 1, yes: 2 },
};
const load = (folder, options) =>
  AutoModelForSequenceClassification.from_pretrained(folder, options);

test("a saved folder gives the same logits, config and tokens, without a warning", async (t) => {
  const folder = await temporary_folder(t);
  const tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL);
  const model = await load(PAIR_MODEL, LABELS);
  await model.save_pretrained(folder);
  await tokenizer.save_pretrained(folder);
  let again;
  const warnings = await logged(async () => (again = await load(folder)));
  assert.deepEqual(warnings, []);
  const batch = tokenizer(["A young farmer", "My sister buys a boat"], {
    padding: true,
    return_tensors: "pt",
  });
  assert.deepEqual(again(batch).logits.tolist(), model(batch).logits.tolist());
  const tokenizer_again = await AutoTokenizer.from_pretrained(folder);
  assert.deepEqual(tokenizer_again("A young farmer, naïve!"), tokenizer("A young farmer, naïve!"));
  assert.equal(tokenizer_again.model_max_length, tokenizer.model_max_length);
});

test("config.json keeps every field it came with and says what the model now is", async (t) => {
  const folder = await temporary_folder(t);
  await (await load(PAIR_MODEL, LABELS)).save_pretrained(folder);
  const saved = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  const original = JSON.parse(await readFile(join(PAIR_MODEL, "config.json"), "utf8"));
  assert.deepEqual(
    { ...saved, architectures: 0, id2label: 0, label2id: 0, problem_type: 0 },
    { ...original, architectures: 0, id2label: 0, label2id: 0, problem_type: 0 },
  );
  assert.deepEqual(saved.architectures, ["BertForSequenceClassification"]);
  assert.deepEqual(saved.id2label, { 0: "no", 1: "maybe", 2: "yes" });
  assert.equal(saved.dtype, "float32");
  const config = await AutoConfig.from_pretrained(folder);
  assert.equal(config.num_labels, 3);
});

test("a saved config has its floats as Python writes them, which transformers insists on", async (t) => {
  const folder = await temporary_folder(t);
  const source = repository("tests/reference/goldens/models/modernbert_pairs");
  await (await load(source)).save_pretrained(folder);
  const text = await readFile(join(folder, "config.json"), "utf8");
  for (const line of ['"initializer_cutoff_factor": 2.0,', '"rope_theta": 160000.0,'])
    assert.ok(text.includes(line), line);
  assert.ok(text.includes('"num_hidden_layers": 4,'));
  const original = JSON.parse(await readFile(join(source, "config.json"), "utf8"));
  assert.deepEqual(JSON.parse(text).rope_parameters, original.rope_parameters);
});

test("the first BERTs' configs, which have no model_type, are BERT's; others are asked for theirs", async (t) => {
  const folder = await temporary_folder(t);
  const {
    model_type: _,
    architectures: __,
    ...fields
  } = JSON.parse(await readFile(join(PAIR_MODEL, "config.json"), "utf8"));
  const read = async (config) => {
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    return (await AutoConfig.from_pretrained(folder)).model_type;
  };
  assert.equal(await read(fields), "bert");
  for (const other of [
    { architectures: ["RobertaModel"] },
    { embedding_size: 8 },
    { type_vocab_size: 1 },
    { hidden_act: undefined },
  ])
    await assert.rejects(read({ ...fields, ...other }), {
      message: new RegExp(`^${folder}/config\\.json has no model_type; expected`),
    });
  const named = await AutoConfig.from_pretrained(folder, { model_type: "bert" });
  assert.equal(named.model_type, "bert");
});

test("a head of another size is refused, or replaced if asked", async (t) => {
  const folder = await temporary_folder(t);
  await (await load(PAIR_MODEL, LABELS)).save_pretrained(folder);
  await assert.rejects(load(folder, { num_labels: 2 }), {
    status: "TL_ERR_MISMATCH",
    message: /classifier/,
  });
  let replaced;
  set_seed(7);
  const warnings = await logged(async () => {
    replaced = await load(folder, { num_labels: 2, ignore_mismatched_sizes: true });
  });
  assert.match(
    warnings.join("\n"),
    /classifier\.weight: found shape \[3,32\] in the checkpoint and \[2,32\] in the model/,
  );
  assert.match(warnings.at(-1), /^You should probably TRAIN this model/);
  // PAIR_MODEL has no head: the new one is drawn as a missing one is.
  set_seed(7);
  const headless = await load(PAIR_MODEL, { num_labels: 2 });
  const batch = { input_ids: torch.tensor([[2, 9, 14, 3]]) };
  assert.deepEqual(replaced(batch).logits.tolist(), headless(batch).logits.tolist());
});

test("a save that fails midway leaves the old files, and no others", async (t) => {
  const folder = await temporary_folder(t);
  await writeFile(join(folder, "model.safetensors"), "old");
  const failing = save_folder(folder, async (sink) => {
    await sink.write("config.json", "{}");
    await sink.write("model.safetensors", "new");
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
  await assert.rejects(failing, /could not be saved \(ENOSPC.*what was there before is untouched/);
  assert.deepEqual(await readdir(folder), ["model.safetensors"]);
  assert.equal(await readFile(join(folder, "model.safetensors"), "utf8"), "old");
});

test("NaN in the weights is never saved over a model", async (t) => {
  const folder = await temporary_folder(t);
  const model = await load(PAIR_MODEL, LABELS);
  await model.save_pretrained(folder);
  const good = await readFile(join(folder, "model.safetensors"));
  const { core, pointer } = model.parameters()[3].model;
  core.heap.f32_at(core.call("tl_model_weights", pointer), 1)[0] = NaN;
  await assert.rejects(model.save_pretrained(folder), /word_embeddings/);
  assert.deepEqual(await readFile(join(folder, "model.safetensors")), good);
});

test("missing files are named with what the folder should hold", async (t) => {
  const folder = await temporary_folder(t);
  await assert.rejects(load(join(folder, "nowhere")), /there is no folder .*nowhere/);
  await assert.rejects(load(folder), /holds no config\.json; expected a Hugging Face model folder/);
  await writeFile(join(folder, "config.json"), await readFile(join(PAIR_MODEL, "config.json")));
  await assert.rejects(load(folder), /holds no model\.safetensors/);
  await writeFile(join(folder, "pytorch_model.bin"), "");
  await assert.rejects(load(folder), /pytorch_model\.bin: its pickle ends early/);
  await assert.rejects(
    AutoTokenizer.from_pretrained(folder),
    /holds no tokenizer; expected tokenizer\.json or vocab\.txt/,
  );
});

test("a folder with vocab.txt alone tokenizes as the one with tokenizer.json", async (t) => {
  const folder = await temporary_folder(t);
  for (const name of ["vocab.txt", "tokenizer_config.json"])
    await writeFile(join(folder, name), await readFile(join(PAIR_MODEL, name)));
  const [slow, fast] = [
    await AutoTokenizer.from_pretrained(folder),
    await AutoTokenizer.from_pretrained(PAIR_MODEL),
  ];
  const text = ["Mr. Owen watches a HEAVY basket!", "naïve 日本 café"];
  assert.deepEqual(slow(text), fast(text));
});

test("checkpoints: by epoch, at most so many, the best one kept and brought back", async (t) => {
  const output_dir = await temporary_folder(t);
  const { tokenizer, tokenized } = await pair_task();
  const args = new TrainingArguments({
    output_dir,
    num_train_epochs: 4,
    learning_rate: 2e-3,
    eval_strategy: "epoch",
    save_strategy: "epoch",
    save_total_limit: 2,
    load_best_model_at_end: true,
    metric_for_best_model: "accuracy",
    disable_tqdm: true,
  });
  set_seed(args.seed);
  const trainer = new Trainer({
    model: await load(PAIR_MODEL),
    args,
    train_dataset: tokenized.train,
    eval_dataset: tokenized.validation,
    processing_class: tokenizer,
    compute_metrics,
  });
  await trainer.train();
  const accuracies = trainer.state.log_history.flatMap((entry) => entry.eval_accuracy ?? []);
  const { best_metric, best_global_step, best_model_checkpoint } = trainer.state;
  assert.equal(best_metric, Math.max(...accuracies));
  assert.equal(best_global_step, 18 * (accuracies.indexOf(best_metric) + 1));
  const kept = (await readdir(output_dir)).sort();
  assert.ok(kept.length <= 2 && kept.includes(`checkpoint-${best_global_step}`), kept.join(", "));
  assert.equal(
    (await trainer.evaluate()).eval_accuracy,
    best_metric,
    "the model at the end is the best",
  );
  const restored = await load(best_model_checkpoint);
  const batch = tokenizer(["A young farmer"], { return_tensors: "pt" });
  assert.deepEqual(
    torch.no_grad(() => restored(batch)).logits.tolist(),
    trainer.model(batch).logits.tolist(),
  );
  const state = JSON.parse(
    await readFile(join(best_model_checkpoint, "trainer_state.json"), "utf8"),
  );
  assert.equal(state.global_step, best_global_step);
});

test("old folders of another tool's making are not touched by the limit on checkpoints", async (t) => {
  const output_dir = await temporary_folder(t);
  await mkdir(join(output_dir, "checkpoint-notes"));
  const { tokenizer, tokenized } = await pair_task();
  const args = new TrainingArguments({
    output_dir,
    max_steps: 4,
    save_steps: 1,
    save_total_limit: 1,
    disable_tqdm: true,
  });
  const trainer = new Trainer({
    model: await load(PAIR_MODEL),
    args,
    train_dataset: tokenized.train,
    processing_class: tokenizer,
  });
  await trainer.train();
  assert.deepEqual((await readdir(output_dir)).sort(), ["checkpoint-4", "checkpoint-notes"]);
});
