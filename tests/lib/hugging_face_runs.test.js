// Whole training runs beside the real thing: transformers' Trainer, and the course's loop in
// PyTorch, from the same seed.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  DataCollatorWithPadding,
  get_peft_model,
  get_scheduler,
  LoraConfig,
  set_seed,
  torch,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import {
  assert_near,
  compute_metrics,
  golden,
  PAIR_MODEL,
  pair_task,
  start_core,
} from "./support.js";

before(() => start_core());

/**
 * How far each logged number may be off. 1e-3 would do for losses; runs are in fact within 1e-5,
 * and these bounds keep them there with room for other builds' rounding. What is computed without
 * float32 arithmetic must be exact.
 */
const TOLERANCES = {
  loss: 1e-4,
  train_loss: 1e-4,
  eval_loss: 1e-4,
  grad_norm: 1e-3,
  learning_rate: 0,
  epoch: 0,
  step: 0,
  eval_accuracy: 0,
  eval_f1: 0,
};

async function load_model(lora) {
  const model = await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL, {
    num_labels: 2,
  });
  return lora ? get_peft_model(model, new LoraConfig(lora)) : model;
}

/** Notes the rows of each batch that passes, before the model sees it. */
function recording(collate, rows_seen) {
  return (rows) => {
    if ("row" in rows[0]) rows_seen.push(rows.map(({ row }) => row));
    return collate(rows.map(({ row: _, sentence1: _1, sentence2: _2, ...rest }) => rest));
  };
}

const numbered = (dataset) =>
  dataset.add_column(
    "row",
    Array.from({ length: dataset.length }, (_, i) => i),
  );

for (const name of [
  "defaults",
  "higher_rate",
  "accumulation",
  "accumulation_averaged",
  "max_steps",
  "group_by_length",
  "frozen",
  "lora",
]) {
  test(`the Trainer follows transformers' Trainer: ${name}`, async () => {
    const expected = await golden(`trainer/${name}.json`);
    const { tokenizer, tokenized } = await pair_task();
    const args = new TrainingArguments({
      output_dir: "unused",
      save_strategy: "no",
      disable_tqdm: true,
      remove_unused_columns: false,
      ...expected.arguments,
    });
    const batches = [];
    set_seed(args.seed);
    const model = await load_model(expected.lora);
    const frozen = model
      .named_parameters()
      .filter(([path]) => expected.frozen.some((part) => path.startsWith(`bert.${part}.`)));
    for (const [, parameter] of frozen) parameter.requires_grad = false;
    const untrained = frozen.map(([, { data }]) => data.tolist());
    const trainer = new Trainer({
      model,
      args,
      train_dataset: numbered(tokenized.train),
      eval_dataset: tokenized.validation,
      data_collator: recording(new DataCollatorWithPadding(tokenizer), batches),
      compute_metrics,
    });
    if (expected.accumulated_losses_averaged) trainer.loss_is_scaled_for_ga = false;
    await trainer.train();

    // Accelerate fetches a batch ahead: a run that stops within an epoch has collated one that it
    // never trained on.
    const ahead = expected.arguments.max_steps ? 1 : 0;
    const trained = expected.batches.slice(0, expected.batches.length - ahead);
    assert.deepEqual(batches, trained, "every batch holds the same rows in the same order");
    const history = trainer.state.log_history;
    assert.equal(history.length, expected.log_history.length);
    for (const [i, entry] of expected.log_history.entries())
      for (const [key, value] of Object.entries(entry)) {
        const tolerance = key === "grad_norm" ? TOLERANCES.grad_norm * value : TOLERANCES[key];
        assert_near(history[i][key], value, tolerance, `log ${i}, ${key}`);
      }

    for (const [i, [path, { data }]] of frozen.entries())
      assert.deepEqual(data.tolist(), untrained[i], `${path} is as it was`);
    assert.equal(frozen.length > 0, name === "frozen");

    const prediction = await trainer.predict(tokenized.validation);
    const logits = prediction.predictions.tolist();
    for (const [row, values] of expected.predictions.entries())
      for (const [label, value] of values.entries())
        assert_near(logits[row][label], value, 1e-3, `logit of row ${row}`);
    for (const [parameter, { data }] of trainer.model
      .named_parameters()
      .entries()
      .map(([, pair]) => pair)) {
      const norm = Math.hypot(...data.data);
      assert_near(
        norm,
        expected.parameter_norms[parameter],
        1e-3 * norm + 1e-6,
        `norm of ${parameter}`,
      );
    }
  });
}

test("the hand-written loop draws the same batches and has the same losses as in PyTorch", async () => {
  const expected = await golden("hand_loop.json");
  const { tokenizer, tokenized } = await pair_task();
  const batches = [];
  const collate_fn = recording(new DataCollatorWithPadding(tokenizer), batches);
  set_seed(expected.seed);
  const model = await load_model();
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: expected.learning_rate });
  const { DataLoader } = torch.utils.data;
  const batch_size = expected.batch_size;
  const train_dataloader = new DataLoader(numbered(tokenized.train), {
    shuffle: true,
    batch_size,
    collate_fn,
  });
  const eval_dataloader = new DataLoader(tokenized.validation, { batch_size, collate_fn });
  const num_training_steps = expected.epochs * train_dataloader.length;
  const lr_scheduler = get_scheduler("linear", {
    optimizer,
    num_warmup_steps: 0,
    num_training_steps,
  });
  const losses = [];
  for (let epoch = 0; epoch < expected.epochs; ++epoch) {
    model.train();
    for (const batch of train_dataloader) {
      const { loss } = model(batch);
      loss.backward();
      optimizer.step();
      lr_scheduler.step();
      optimizer.zero_grad();
      losses.push(loss.item());
    }
    model.eval();
    const logits = torch.no_grad(() =>
      torch.cat([...eval_dataloader].map((batch) => model(batch).logits)),
    );
    for (const [row, values] of expected.evaluation_logits[epoch].entries())
      assert_near(logits.at(row).data[0], values[0], 1e-3, `epoch ${epoch}, logit of row ${row}`);
  }
  assert.deepEqual(batches, expected.batches);
  for (const [step, loss] of expected.losses.entries())
    assert_near(losses[step], loss, 1e-4, `loss of step ${step}`);
});
