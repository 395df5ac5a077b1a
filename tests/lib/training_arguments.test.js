// TrainingArguments: transformers' defaults, values checked one by one, what is unknown refused
// with the nearest name.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  get_scheduler,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { assert_near, golden, logged, PAIR_MODEL, pair_task, start_core } from "./support.js";

before(() => start_core());

test("defaults are those of transformers", () => {
  const args = new TrainingArguments("out");
  assert.equal(args.output_dir, "out");
  assert.deepEqual(
    [
      args.learning_rate,
      args.num_train_epochs,
      args.per_device_train_batch_size,
      args.weight_decay,
      args.max_grad_norm,
    ],
    [5e-5, 3, 8, 0, 1],
  );
  assert.deepEqual(
    [args.lr_scheduler_type, args.eval_strategy, args.save_strategy, args.seed],
    ["linear", "no", "steps", 42],
  );
  assert.equal(
    new TrainingArguments({ output_dir: "x", logging_steps: 7 }).eval_steps,
    7,
    "eval_steps follows logging_steps",
  );
});

test("mixed precision is taken with a warning that it has no effect", async () => {
  let args;
  const lines = await logged(() => {
    args = new TrainingArguments("test-trainer", { eval_strategy: "epoch", fp16: true });
  });
  assert.equal(args.fp16, true);
  assert.deepEqual(lines, [
    "TrainingArguments: fp16 and bf16 have no effect here; the core computes in float32",
  ]);
});

for (const [fields, message] of [
  [{ lerning_rate: 1 }, /has no field lerning_rate; the nearest it has is learning_rate/],
  [{ evaluation_strategy: "epoch" }, /nearest it has is eval_strategy/],
  [{ warmup_ratio: 0.1 }, /warmup_steps \(a number below 1 is a share of all steps\)/],
  [{ fp16: 1 }, /fp16 must be true or false, not 1/],
  [{ learning_rate: "5e-5" }, /learning_rate must be a number of at least 0, not "5e-5"/],
  [{ learning_rate: -1 }, /of at least 0, not -1/],
  [{ learning_rate: NaN }, /learning_rate must be a number/],
  [{ num_train_epochs: 0 }, /num_train_epochs must be a number above 0, not 0/],
  [{ per_device_train_batch_size: 2.5 }, /must be a whole number of at least 1, not 2\.5/],
  [{ eval_strategy: "often" }, /must be one of no, steps, epoch, not "often"/],
  [{ dataloader_drop_last: 1 }, /must be true or false, not 1/],
  [{ load_best_model_at_end: true }, /set eval_strategy too/],
  [{ load_best_model_at_end: true, eval_strategy: "epoch" }, /save and eval strategy to match/],
])
  test(`refused: ${JSON.stringify(fields)}`, () => {
    assert.throws(() => new TrainingArguments("out", fields), { name: "TunelabError", message });
  });

test("warm-up: a number of updates, or a share of all", async () => {
  const { warmup_steps: cases } = await golden("optimizer.json");
  assert.ok(cases.length > 0);
  for (const { warmup_steps, total, steps } of cases)
    assert.equal(new TrainingArguments("out", { warmup_steps }).get_warmup_steps(total), steps);
});

test("schedules give transformers' rates", async () => {
  const { schedules } = await golden("optimizer.json");
  assert.ok(schedules.length > 0);
  for (const { name, warmup, total, rates } of schedules) {
    const optimizer = { param_groups: [{ lr: 1 }] };
    const scheduler = get_scheduler(name, {
      optimizer,
      num_warmup_steps: warmup,
      num_training_steps: total,
    });
    for (const [step, expected] of rates.entries()) {
      const [rate] = scheduler.get_last_lr();
      // Exact but for the cosine, where the two languages' cos may differ in the last bit.
      assert_near(
        rate,
        expected,
        name === "cosine" ? 1e-15 : 0,
        `${name} ${warmup}/${total}, step ${step}`,
      );
      scheduler.step();
    }
  }
  const unknown = { optimizer: { param_groups: [] }, num_training_steps: 1 };
  assert.throws(() => get_scheduler("lineal", unknown), /there are linear, cosine/);
});

test("callbacks hear the events in order and can stop the run", async () => {
  const { tokenizer, tokenized } = await pair_task();
  const heard = [];
  const listener = Object.fromEntries(
    ["on_train_begin", "on_epoch_begin", "on_step_end", "on_epoch_end", "on_train_end"].map(
      (event) => [event, () => heard.push(event)],
    ),
  );
  const stopper = {
    on_step_end: (_args, state, control) => {
      if (state.global_step === 2) control.should_training_stop = true;
    },
  };
  const trainer = new Trainer({
    model: await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL),
    args: new TrainingArguments("out", { save_strategy: "no", disable_tqdm: true }),
    train_dataset: tokenized.train,
    processing_class: tokenizer,
    callbacks: [listener, stopper],
  });
  const { global_step } = await trainer.train();
  assert.equal(global_step, 2);
  assert.deepEqual(heard, [
    "on_train_begin",
    "on_epoch_begin",
    "on_step_end",
    "on_step_end",
    "on_epoch_end",
    "on_train_end",
  ]);
});

test("a diverging run stops with the step and what to try", async () => {
  const { tokenizer, tokenized } = await pair_task();
  const trainer = new Trainer({
    model: await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL),
    args: new TrainingArguments("out", {
      learning_rate: 1e38,
      save_strategy: "no",
      disable_tqdm: true,
    }),
    train_dataset: tokenized.train,
    processing_class: tokenizer,
  });
  await assert.rejects(trainer.train(), {
    status: "TL_ERR_NUMERIC",
    message:
      /training diverged at step \d+ \(learning rate .*\): .*; nothing was saved since\. Try a learning_rate ten times lower/,
  });
});

test("an untokenized, an unlabelled and an empty dataset are refused in words", async () => {
  const { raw, tokenizer, tokenized } = await pair_task();
  const model = await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL);
  const args = new TrainingArguments("out", { save_strategy: "no", disable_tqdm: true });
  const train = (train_dataset) =>
    new Trainer({ model, args, train_dataset, processing_class: tokenizer }).train();
  const refused = (dataset, message) => assert.rejects(async () => train(dataset), message);
  await refused(
    raw.train,
    /No columns in the dataset match .* sentence1, sentence2, label; tokenize it first/,
  );
  await refused(tokenized.train.remove_columns("label"), /has no label column/);
  await refused(tokenized.train.select([]), /training dataset is empty/);
  await refused(undefined, /training requires a train_dataset/);
});
