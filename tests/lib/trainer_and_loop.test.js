// The Trainer does nothing that a hand-written loop could not: the same seed gives bit-equal
// losses, dropout included.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  DataCollatorWithPadding,
  get_scheduler,
  set_seed,
  torch,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { PAIR_MODEL, pair_task, start_core } from "./support.js";

before(() => start_core());

const SEED = 11;
const DROPOUT = { hidden_dropout_prob: 0.2, attention_probs_dropout_prob: 0.1 };
const HYPER = { lr: 1e-3, weight_decay: 0.01 };
const EPOCHS = 2;
const BATCH = 8;

function load_model() {
  set_seed(SEED);
  return AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL, {
    num_labels: 2,
    ...DROPOUT,
  });
}

async function trainer_losses({ tokenizer, tokenized }, extra = {}) {
  const args = new TrainingArguments({
    output_dir: "unused",
    num_train_epochs: EPOCHS,
    learning_rate: HYPER.lr,
    weight_decay: HYPER.weight_decay,
    logging_steps: 1,
    save_strategy: "no",
    disable_tqdm: true,
    seed: SEED,
    ...extra,
  });
  const model = await load_model();
  const { train: train_dataset, validation: eval_dataset } = tokenized;
  const trainer = new Trainer({
    model,
    args,
    train_dataset,
    eval_dataset,
    processing_class: tokenizer,
  });
  await trainer.train();
  return trainer.state.log_history.filter((entry) => "loss" in entry).map(({ loss }) => loss);
}

async function loop_losses({ tokenizer, tokenized }) {
  const dataset = tokenized.remove_columns(["sentence1", "sentence2"]).train;
  const model = await load_model();
  set_seed(SEED); // as the Trainer's constructor does
  const { DataLoader, SeedableRandomSampler } = torch.utils.data;
  const dataloader = new DataLoader(dataset, {
    sampler: new SeedableRandomSampler(dataset),
    batch_size: BATCH,
    collate_fn: new DataCollatorWithPadding(tokenizer),
  });
  const in_decay_group = (wanted) => model.parameters().filter(({ decay }) => decay === wanted);
  const optimizer = new torch.optim.AdamW(
    [
      { params: in_decay_group(true), weight_decay: HYPER.weight_decay },
      { params: in_decay_group(false), weight_decay: 0 },
    ],
    { lr: HYPER.lr },
  );
  const num_training_steps = EPOCHS * dataloader.length;
  const lr_scheduler = get_scheduler("linear", {
    optimizer,
    num_warmup_steps: 0,
    num_training_steps,
  });
  const losses = [];
  model.train();
  for (let epoch = 0; epoch < EPOCHS; ++epoch)
    for (const batch of dataloader) {
      const { loss } = model(batch);
      loss.backward();
      torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
      optimizer.step();
      lr_scheduler.step();
      optimizer.zero_grad();
      losses.push(loss.item());
    }
  return losses;
}

test("Trainer and loop have bit-equal losses, with dropout on", async () => {
  const task = await pair_task();
  const [by_trainer, by_loop] = [await trainer_losses(task), await loop_losses(task)];
  assert.equal(by_trainer.length, 36);
  assert.deepEqual(by_trainer, by_loop);
});

test("evaluating in between does not change the course of training", async () => {
  const task = await pair_task();
  const extra = { eval_strategy: "steps", eval_steps: 3 };
  assert.deepEqual(await trainer_losses(task, extra), await trainer_losses(task));
});

test("another seed gives other losses", async () => {
  const task = await pair_task();
  assert.notDeepEqual(await trainer_losses(task, { seed: SEED + 1 }), await trainer_losses(task));
});
