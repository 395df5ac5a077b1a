// Activation checkpointing as transformers spells it: less memory, the same bits.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  set_seed,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { logged, PAIR_MODEL, pair_task, start_core } from "./support.js";

before(() => start_core());

/** The pair task's encoder with two layers more, drawn anew: of two there is nothing to compute again. */
const load = () =>
  AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL, { num_hidden_layers: 4 });

test("a model is switched to it and back, under either name", async () => {
  const model = await load();
  assert.equal(model.is_activation_checkpointing, false);
  const plain = model.plan_bytes(8, 240, 40);
  model.activation_checkpointing_enable();
  assert.equal(model.is_gradient_checkpointing, true);
  assert.ok(model.plan_bytes(8, 240, 40) < plain);
  model.gradient_checkpointing_disable();
  assert.equal(model.is_activation_checkpointing, false);
  model.gradient_checkpointing_enable();
  assert.equal(model.is_activation_checkpointing, true);
  model.activation_checkpointing_disable();
  assert.equal(model.plan_bytes(8, 240, 40), plain);
  assert.throws(() => model.activation_checkpointing_enable({ every_n_layers: 2 }), {
    message: /leave every_n_layers at 1/,
  });
});

test("a Trainer's run gives the same weights with it and without", async () => {
  const { tokenizer, tokenized } = await pair_task();
  const weights = async (fields) => {
    set_seed(3);
    const model = await load();
    const args = { save_strategy: "no", disable_tqdm: true, max_steps: 6, seed: 3, ...fields };
    const trainer = new Trainer(model, new TrainingArguments("unused", args), {
      train_dataset: tokenized.train,
      processing_class: tokenizer,
    });
    await trainer.train();
    assert.equal(model.is_activation_checkpointing, Boolean(fields.activation_checkpointing));
    return model.parameters().map(({ data }) => data.tolist());
  };
  assert.deepEqual(await weights({ activation_checkpointing: true }), await weights({}));
});

test("gradient_checkpointing is taken with a word about its new name", async () => {
  let args;
  const lines = await logged(() => {
    args = new TrainingArguments("unused", { gradient_checkpointing: true });
  });
  assert.deepEqual([args.activation_checkpointing, args.gradient_checkpointing], [true, true]);
  assert.deepEqual(lines, [
    "TrainingArguments: gradient_checkpointing is the old name; give activation_checkpointing: true",
  ]);
  const both = { gradient_checkpointing: true, activation_checkpointing: false };
  assert.equal(new TrainingArguments("unused", both).activation_checkpointing, false);
  assert.throws(() => new TrainingArguments("unused", { gradient_checkpointing: 1 }), {
    message: /gradient_checkpointing must be true or false, not 1/,
  });
});
