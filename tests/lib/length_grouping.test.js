// Rows of about one length together: the order is transformers' for a seed, and odd rows are refused.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  DataCollatorWithPadding,
  Dataset,
  get_length_grouped_indices,
  LengthGroupedSampler,
  torch,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { golden, logged, pair_task, start_core } from "./support.js";

before(() => start_core());

/** The order of training rows that a Trainer with these arguments draws for its first epoch. */
function first_order(train_dataset, fields) {
  const model = Object.assign(() => {}, { forward_arguments: ["input_ids"] });
  const args = new TrainingArguments("unused", { disable_tqdm: true, ...fields });
  const trainer = new Trainer({ model, args, train_dataset });
  return [...trainer.get_train_dataloader().sampler];
}

test("the order is that of transformers for a seed, again and again", async () => {
  const { cases } = await golden("length_grouping.json");
  assert.ok(cases.length > 3);
  for (const { lengths, batch_size, mega_batch_mult, seed, order, second_order } of cases) {
    const generator = new torch.Generator().manual_seed(seed);
    const options = { mega_batch_mult: mega_batch_mult ?? undefined, generator };
    assert.deepEqual(get_length_grouped_indices(lengths, batch_size, options), order);
    assert.deepEqual(get_length_grouped_indices(lengths, batch_size, options), second_order);
  }
});

test("the sampler draws a new order each time it is gone through", async () => {
  const { cases } = await golden("length_grouping.json");
  const drawn = cases.find((each) => each.mega_batch_mult === null && each.order.length > 100);
  const { lengths, batch_size, seed, order, second_order } = drawn;
  const generator = new torch.Generator().manual_seed(seed);
  const sampler = new LengthGroupedSampler(batch_size, lengths, { generator });
  assert.equal(sampler.length, lengths.length);
  assert.deepEqual([...sampler], order);
  assert.deepEqual([...sampler], second_order);
});

test("grouped batches carry less padding than random ones", async () => {
  const { tokenizer, tokenized } = await pair_task();
  const padded = (train_sampling_strategy) => {
    const model = Object.assign(() => {}, { forward_arguments: ["input_ids"] });
    const args = new TrainingArguments("unused", { disable_tqdm: true, train_sampling_strategy });
    const data_collator = new DataCollatorWithPadding(tokenizer);
    const train_dataset = tokenized.train;
    const trainer = new Trainer({ model, args, train_dataset, data_collator });
    const sizes = [...trainer.get_train_dataloader()].map(({ input_ids }) => input_ids.numel());
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  assert.ok(padded("group_by_length") < 0.95 * padded("random"));
});

test("lengths come from the length column if there is one", () => {
  const tokens = (length) => Array.from({ length }, () => 5);
  const rows = Array.from({ length: 40 }, (_, i) => ({ input_ids: tokens(1 + ((i * 7) % 11)) }));
  const lengths = rows.map(({ input_ids }) => input_ids.length);
  const short = Dataset.from_list(rows.map(() => ({ input_ids: [1] })));
  const fields = { train_sampling_strategy: "group_by_length", per_device_train_batch_size: 4 };
  const order = first_order(rows, fields);
  assert.deepEqual(first_order(Dataset.from_list(rows), fields), order);
  assert.deepEqual(first_order(short.add_column("length", lengths), fields), order);
  const renamed = short.add_column("tokens", lengths);
  assert.deepEqual(first_order(renamed, { ...fields, length_column_name: "tokens" }), order);
  assert.notDeepEqual(first_order(renamed, fields), order);
});

test("rows whose length cannot be told are refused", () => {
  const fields = { train_sampling_strategy: "group_by_length" };
  assert.throws(() => first_order([{ text: "" }], fields), {
    message: /with an 'input_ids' key; tokenize the dataset first, or give it a column 'length'/,
  });
  const texts = Dataset.from_list([{ input_ids: [1], length: "one" }]);
  assert.throws(() => first_order(texts, fields), {
    message: "the column 'length' must hold numbers, but row 0 has \"one\"",
  });
});

test("transformers 4's group_by_length is taken with a word about its new name", async () => {
  let args;
  const lines = await logged(() => {
    args = new TrainingArguments("unused", { group_by_length: true });
  });
  assert.equal(args.train_sampling_strategy, "group_by_length");
  assert.deepEqual(lines, [
    'TrainingArguments: group_by_length is the old name; give train_sampling_strategy: "group_by_length"',
  ]);
  const unset = new TrainingArguments("unused", { group_by_length: false });
  assert.equal(unset.train_sampling_strategy, "random");
});
