// LoRA in JavaScript: peft's names and numbers, training by hand, saving merged, what is refused.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  get_peft_model,
  LoraConfig,
  PeftModel,
  set_seed,
  torch,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import {
  assert_near,
  compute_metrics,
  golden,
  logged,
  PAIR_MODEL,
  pair_task,
  repository,
  start_core,
  temporary_folder,
} from "./support.js";

before(() => start_core());

const load = (folder, options) =>
  AutoModelForSequenceClassification.from_pretrained(folder, options);

/** A golden case's base model with peft's adapters on it. */
async function golden_model(name) {
  const expected = await golden(`lora/${name}/case.json`);
  const base = await load(repository(`tests/reference/goldens/lora/${name}`));
  torch.manual_seed(expected.seed);
  const model = get_peft_model(base, new LoraConfig({ ...expected.lora, task_type: "SEQ_CLS" }));
  return { expected, base, model };
}

/** The pair task's model with noise in every adapter's B, and a batch for it. */
async function noisy_model() {
  const { tokenizer, tokenized } = await pair_task();
  set_seed(42);
  const base = await load(PAIR_MODEL, { num_labels: 2 });
  const config = new LoraConfig({ r: 4, lora_alpha: 8, lora_dropout: 0.1, task_type: "SEQ_CLS" });
  const model = get_peft_model(base, config);
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 1e-2 });
  const { input_ids, attention_mask, token_type_ids, label } = tokenized.train.slice(0, 8);
  const batch = tokenizer.pad(
    { input_ids, attention_mask, token_type_ids },
    { return_tensors: "pt" },
  );
  batch.labels = torch.tensor(label);
  return { tokenizer, tokenized, base, model, optimizer, batch };
}

function train_steps({ model, optimizer, batch }, steps) {
  const losses = [];
  model.train();
  for (let step = 0; step < steps; ++step) {
    const { loss } = model(batch);
    loss.backward();
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
    optimizer.step();
    optimizer.zero_grad();
    losses.push(loss.item());
  }
  model.eval();
  return losses;
}

const values_of = (model) =>
  Object.fromEntries(model.parameters().map(({ name, data }) => [name, data.data]));

for (const name of readdirSync(repository("tests/reference/goldens/lora")))
  test(`adapters are drawn, named and counted as in peft: ${name}`, async () => {
    const { expected, model } = await golden_model(name);
    assert.equal(String(torch.default_generator.random_int64()), expected.next_random_int64);
    const trainable = model.parameters().filter((parameter) => parameter.requires_grad);
    assert.deepEqual(
      trainable.map((parameter) => parameter.name).sort(),
      expected.trainable.toSorted(),
    );
    assert.deepEqual(model.get_nb_trainable_parameters(), expected.parameter_counts);
    assert.equal(model.trainable_parameters_line(), expected.printed);
    assert.deepEqual(
      model
        .named_parameters()
        .map(([each]) => each)
        .sort(),
      expected.peft_names.toSorted(),
    );
  });

test("a loop by hand trains the adapters and the classifier and nothing else", async () => {
  const job = await noisy_model();
  const before_training = values_of(job.model);
  const losses = train_steps(job, 20);
  assert.ok(losses.at(-1) < losses[0] - 0.1, losses.join(" "));
  for (const [name, values] of Object.entries(values_of(job.model))) {
    const learns = /\.lora_[AB]\.|^classifier\./.test(name);
    assert.equal(Buffer.compare(bytes(values), bytes(before_training[name])) !== 0, learns, name);
  }
});

const bytes = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);

test("saving while training writes the merged model and changes no bit of the training", async (t) => {
  const folder = await temporary_folder(t);
  const [saving, plain] = [await noisy_model(), await noisy_model()];
  train_steps(saving, 5);
  train_steps(plain, 5);
  const logits = saving.model(saving.batch).logits.tolist();
  await saving.model.save_pretrained(folder);
  assert.deepEqual(values_of(saving.model), values_of(plain.model));
  assert.deepEqual(train_steps(saving, 3), train_steps(plain, 3));

  let merged;
  const warnings = await logged(async () => (merged = await load(folder)));
  assert.deepEqual(warnings, []);
  assert.ok(merged.parameters().every(({ name }) => !name.includes("lora")));
  const again = merged(saving.batch).logits.tolist();
  for (const [row, values] of again.entries())
    for (const [label, value] of values.entries())
      assert_near(value, logits[row][label], 1e-5, `logit of row ${row}`);
});

test("merge_and_unload gives the model that is saved", async (t) => {
  const folder = await temporary_folder(t);
  const job = await noisy_model();
  train_steps(job, 3);
  await job.model.save_pretrained(folder);
  const saved = await readFile(join(folder, "model.safetensors"));
  const merged = job.model.merge_and_unload();
  assert.equal(merged, job.base);
  assert.ok(!(merged instanceof PeftModel));
  await merged.save_pretrained(folder);
  assert.deepEqual(await readFile(join(folder, "model.safetensors")), saved);
  assert.throws(() => job.optimizer.step(), /LoRA adapters since this optimizer was made/);
});

test("the Trainer brings the best merged checkpoint back", async (t) => {
  const { model, tokenizer, tokenized, batch } = await noisy_model();
  const args = new TrainingArguments({
    output_dir: await temporary_folder(t),
    num_train_epochs: 3,
    learning_rate: 1e-2,
    eval_strategy: "epoch",
    save_strategy: "epoch",
    load_best_model_at_end: true,
    metric_for_best_model: "accuracy",
    disable_tqdm: true,
  });
  const trainer = new Trainer({
    model,
    args,
    train_dataset: tokenized.train,
    eval_dataset: tokenized.validation,
    processing_class: tokenizer,
    compute_metrics,
  });
  await trainer.train();
  const restored = await load(trainer.state.best_model_checkpoint);
  assert.deepEqual(model(batch).logits.tolist(), restored(batch).logits.tolist());
  assert.equal((await trainer.evaluate()).eval_accuracy, trainer.state.best_metric);
});

test("a loss of the base model is not mistaken for one of the adapted model", async () => {
  const { model, base, batch } = await noisy_model();
  const { loss } = model(batch);
  base(batch);
  assert.throws(() => loss.backward(), /the model has run another batch since/);
});

test("what is not supported is refused by name, what is wrong with what is right", () => {
  const refuses = (fields, message) =>
    assert.throws(() => new LoraConfig(fields), { name: "TunelabError", message });
  refuses({ use_dora: true }, /^LoraConfig: use_dora is not supported$/);
  refuses({ rank_pattern: { query: 4 } }, /rank_pattern is not supported/);
  refuses({ bias: "all" }, /bias must be "none" \(training biases is not supported\), not "all"/);
  refuses({ task_type: "CAUSAL_LM" }, /task_type must be "SEQ_CLS" or null/);
  refuses({ init_lora_weights: "gaussian" }, /init_lora_weights must be true/);
  refuses({ target_modules: "query" }, /target_modules must be a list of module names/);
  refuses({ r: 0 }, /r must be a whole number of at least 1, not 0/);
  refuses({ lora_dropout: NaN }, /lora_dropout must be a number from 0 to 1/);
  refuses({ rank: 8 }, /LoraConfig has no field rank; the nearest it has is /);
  assert.equal(new LoraConfig({ use_dora: false, rank_pattern: {}, r: 4 }).to_dict().r, 4);
});

test("modules that cannot be adapted are refused, and the model stays as it was", async () => {
  const model = await load(PAIR_MODEL, { num_labels: 2 });
  const refuses = (fields, message) =>
    assert.throws(() => get_peft_model(model, new LoraConfig(fields)), { message });
  refuses({ target_modules: ["q_lin"] }, /target module q_lin is not in the model; .*query/);
  refuses({ target_modules: ["dense"] }, /LoRA adapts the weights of query.*intermediate\.dense/);
  refuses({ layers_to_transform: 9 }, /no layer of the model is among layers_to_transform, 9/);
  assert.ok(model.parameters().every((parameter) => parameter.requires_grad));
  get_peft_model(model, new LoraConfig());
  assert.ok(!model.parameters().find(({ name }) => name === "classifier.weight").requires_grad);
  refuses({}, /the model has LoRA adapters already; merge them first/);
});

test("parts are found as in peft: through base_model.model, or by the base model's own names", async () => {
  const { model } = await noisy_model();
  const layer = model.base_model.model.bert.encoder.layer[0].attention.self;
  const names = layer.query.named_parameters().map(([name]) => name);
  assert.deepEqual(names.sort(), [
    "base_layer.bias",
    "base_layer.weight",
    "lora_A.default.weight",
    "lora_B.default.weight",
  ]);
  for (const parameter of model.bert.encoder.layer[0].parameters()) parameter.requires_grad = false;
  assert.ok(
    model
      .parameters()
      .every(({ name, requires_grad }) => !(name.includes("layer.0") && requires_grad)),
  );
});

test("modules_to_save are trained whole", async () => {
  const model = await load(PAIR_MODEL, { num_labels: 2 });
  const peft_model = get_peft_model(model, new LoraConfig({ modules_to_save: ["pooler"] }));
  const names = peft_model
    .named_parameters()
    .flatMap(([name, parameter]) =>
      parameter.requires_grad && !name.includes("lora") ? name : [],
    );
  assert.deepEqual(names, [
    "base_model.model.bert.pooler.modules_to_save.default.dense.weight",
    "base_model.model.bert.pooler.modules_to_save.default.dense.bias",
  ]);
});
