// The third chapter's flow, line by line, on a small local task: what a reader types must work as
// the page says.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { inspect } from "node:util";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  DataCollatorWithPadding,
  evaluate,
  get_scheduler,
  load_dataset,
  torch,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import {
  compute_metrics,
  logged,
  PAIR_MODEL,
  PAIR_TASK,
  pair_task,
  start_core,
  temporary_folder,
} from "./support.js";

const checkpoint = PAIR_MODEL;

before(() => start_core());

test("one batch of two sentences trains: tokenizer, model, loss.backward, optimizer.step", async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(checkpoint);
  const model = await AutoModelForSequenceClassification.from_pretrained(checkpoint);
  const sequences = ["A young farmer cleans a wooden boat.", "My sister buys a basket!"];
  const batch = tokenizer(sequences, { padding: true, truncation: true, return_tensors: "pt" });

  batch.labels = torch.tensor([1, 1]);

  const optimizer = new torch.optim.AdamW(model.parameters());
  assert.equal(optimizer.param_groups[0].lr, 1e-3, "PyTorch's default");
  const { loss } = model(batch);
  loss.backward();
  optimizer.step();
  const after = torch.no_grad(() => model(batch)).loss;
  assert.ok(after.item() < loss.item(), `${after.item()} is below ${loss.item()}`);
});

test("raw data: splits, rows, columns, features print as in the course", async () => {
  const data_files = {
    train: `${PAIR_TASK}/train.jsonl`,
    validation: `${PAIR_TASK}/validation.jsonl`,
  };
  const raw_datasets = await load_dataset("json", { data_files });
  assert.equal(
    String(raw_datasets),
    "DatasetDict({\n" +
      "    train: Dataset({\n        features: ['sentence1', 'sentence2', 'label'],\n        num_rows: 141\n    })\n" +
      "    validation: Dataset({\n        features: ['sentence1', 'sentence2', 'label'],\n        num_rows: 45\n    })\n})",
  );
  const raw_train_dataset = raw_datasets["train"];
  assert.deepEqual(Object.keys(raw_train_dataset[0]), ["sentence1", "sentence2", "label"]);
  assert.equal(raw_train_dataset["sentence1"].length, 141);
  assert.equal(
    inspect(raw_train_dataset.features),
    "{'sentence1': Value('string'), 'sentence2': Value('string'), 'label': Value('int64')}",
  );
});

test("the tokenizer takes whole columns, alone and in pairs, padded, as lists and as tensors", async () => {
  const { raw, tokenizer } = await pair_task();
  const { sentence1, sentence2 } = raw.train.slice(0, raw.train.num_rows);
  const tokenized_sentences_1 = tokenizer(raw["train"]["sentence1"]);
  assert.equal(tokenized_sentences_1.input_ids.length, 141);
  const options = { padding: true, truncation: true };
  const tokenized_dataset = tokenizer(
    raw["train"]["sentence1"],
    raw["train"]["sentence2"],
    options,
  );
  const widths = new Set(tokenized_dataset.input_ids.map((row) => row.length));
  assert.deepEqual([...widths], [32], "all rows are as long as the longest");
  const tensors = tokenizer(sentence1, sentence2, { ...options, return_tensors: "pt" });
  assert.deepEqual([...tensors.input_ids.shape], [141, 32]);
  assert.deepEqual(tensors.input_ids.tolist(), tokenized_dataset.input_ids);
  assert.deepEqual(tensors.attention_mask.tolist(), tokenized_dataset.attention_mask);
});

test("tokenizer and collator print as what they are, not as what they are made of", async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(checkpoint);
  assert.match(inspect(tokenizer), /^BertTokenizer\(vocab_size=78, model_max_length=40, .*\)$/);
  assert.equal(inspect(new DataCollatorWithPadding(tokenizer)), "DataCollatorWithPadding()");
});

test("a pair is encoded with token types, and decodes back to its tokens", async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(checkpoint);
  const inputs = tokenizer("A young farmer", "My sister");
  assert.deepEqual(Object.keys(inputs), ["input_ids", "token_type_ids", "attention_mask"]);
  const tokens = tokenizer.convert_ids_to_tokens(inputs.input_ids);
  assert.equal(tokens[0], "[CLS]");
  assert.equal(tokens.at(-1), "[SEP]");
  const second = tokens.indexOf("[SEP]") + 1;
  assert.deepEqual(inputs.token_type_ids, [
    ...Array(second).fill(0),
    ...Array(tokens.length - second).fill(1),
  ]);
});

test("map adds the tokenizer's columns; the collator pads to the longest of the batch", async () => {
  const { tokenizer, tokenized } = await pair_task();
  const data_collator = new DataCollatorWithPadding({ tokenizer });
  const { sentence1: _1, sentence2: _2, ...samples } = tokenized.train.slice(0, 8);
  const lengths = samples.input_ids.map((x) => x.length);
  const batch = data_collator(samples);
  const longest = Math.max(...lengths);
  assert.notEqual(
    Math.min(...lengths),
    longest,
    "the samples differ in length, so that there is something to pad",
  );
  assert.deepEqual(Object.fromEntries(Object.entries(batch).map(([k, v]) => [k, [...v.shape]])), {
    labels: [8],
    input_ids: [8, longest],
    token_type_ids: [8, longest],
    attention_mask: [8, longest],
  });
  assert.deepEqual(
    batch.attention_mask.tolist().map((row) => row.reduce((a, b) => a + b)),
    lengths,
  );
});

test("loading an encoder warns that the head is new, in transformers' words", async () => {
  const lines = await logged(() =>
    AutoModelForSequenceClassification.from_pretrained(checkpoint, { num_labels: 2 }),
  );
  assert.equal(
    lines.join("\n"),
    "Some weights of BertForSequenceClassification were not initialized from the model checkpoint at " +
      `${checkpoint} and are newly initialized: ['classifier.bias', 'classifier.weight']\n` +
      "You should probably TRAIN this model on a down-stream task to be able to use it for predictions and inference.",
  );
});

test("the Trainer trains, predicts, and evaluates with compute_metrics", async (t) => {
  const { tokenizer, tokenized } = await pair_task();
  const output = await temporary_folder(t);
  const training_args = new TrainingArguments(output, {
    eval_strategy: "epoch",
    learning_rate: 2e-3,
    disable_tqdm: true,
    save_strategy: "no",
  });
  const model = await AutoModelForSequenceClassification.from_pretrained(checkpoint, {
    num_labels: 2,
  });
  const trainer = new Trainer(model, training_args, {
    train_dataset: tokenized.train,
    eval_dataset: tokenized.validation,
    data_collator: new DataCollatorWithPadding({ tokenizer }),
    processing_class: tokenizer,
    compute_metrics,
  });
  const result = await trainer.train();
  assert.equal(result.global_step, 54);
  assert.ok(result.training_loss < 0.7);

  const predictions = await trainer.predict(tokenized.validation);
  assert.deepEqual([...predictions.predictions.shape], [45, 2]);
  assert.deepEqual([...predictions.label_ids.shape], [45]);
  const [logits, label_ids, metrics] = predictions;
  assert.equal(logits, predictions.predictions);
  assert.equal(label_ids, predictions.label_ids);
  assert.equal(metrics.test_loss, predictions.metrics.test_loss);
  const preds = torch.argmax(predictions.predictions, { axis: -1 });
  const metric = evaluate.load("glue", "mrpc");
  const computed = metric.compute({ predictions: preds, references: predictions.label_ids });
  const evaluated = await trainer.evaluate();
  assert.equal(evaluated.eval_accuracy, computed.accuracy);
  assert.equal(evaluated.eval_f1, computed.f1);
  assert.ok(computed.accuracy > 0.7, `the task is learnt: ${computed.accuracy}`);
});

test("the hand-written loop with its evaluation loop", async () => {
  const { tokenizer, tokenized } = await pair_task();
  let tokenized_datasets = tokenized;
  tokenized_datasets = tokenized_datasets.remove_columns(["sentence1", "sentence2"]);
  tokenized_datasets = tokenized_datasets.rename_column("label", "labels");
  tokenized_datasets.set_format("torch");
  assert.deepEqual(tokenized_datasets["train"].column_names, [
    "labels",
    "input_ids",
    "token_type_ids",
    "attention_mask",
  ]);

  const data_collator = new DataCollatorWithPadding({ tokenizer });
  const { DataLoader } = torch.utils.data;
  const train_dataloader = new DataLoader(tokenized_datasets["train"], {
    shuffle: true,
    batch_size: 8,
    collate_fn: data_collator,
  });
  const eval_dataloader = new DataLoader(tokenized_datasets["validation"], {
    batch_size: 8,
    collate_fn: data_collator,
  });

  const [first] = train_dataloader;
  const { input_ids, ...others } = first;
  assert.equal(input_ids.shape[0], 8);
  for (const [name, { shape }] of Object.entries(others))
    assert.deepEqual([...shape], name === "labels" ? [8] : [...input_ids.shape]);

  const model = await AutoModelForSequenceClassification.from_pretrained(checkpoint, {
    num_labels: 2,
  });
  const untrained = model(first);
  assert.match(String(untrained.loss), /^tensor\(0\.\d{4}, requires_grad=True\)$/);
  assert.deepEqual([...untrained.logits.shape], [8, 2]);
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 2e-3 });
  const num_epochs = 3;
  const num_training_steps = num_epochs * train_dataloader.length;
  const lr_scheduler = get_scheduler("linear", {
    optimizer,
    num_warmup_steps: 0,
    num_training_steps,
  });
  assert.equal(num_training_steps, 54);

  const device = torch.cuda.is_available() ? torch.device("cuda") : torch.device("cpu");
  model.to(device);

  model.train();
  for (let epoch = 0; epoch < num_epochs; ++epoch) {
    for (const batch of train_dataloader) {
      for (const [k, v] of Object.entries(batch)) batch[k] = v.to(device);
      const outputs = model(batch);
      const loss = outputs.loss;
      loss.backward();

      optimizer.step();
      lr_scheduler.step();
      optimizer.zero_grad();
    }
  }
  assert.equal(optimizer.param_groups[0].lr, 0, "the schedule ends at 0");

  const metric = evaluate.load("glue", "mrpc");
  model.eval();
  for (const batch of eval_dataloader) {
    const outputs = torch.no_grad(() => model(batch));
    const predictions = torch.argmax(outputs.logits, { dim: -1 });
    metric.add_batch({ predictions, references: batch.labels });
  }
  const result = metric.compute();
  assert.deepEqual(Object.keys(result), ["accuracy", "f1"]);
  assert.ok(result.accuracy > 0.7, `the task is learnt: ${result.accuracy}`);
});

test("gradient clipping and accumulation as the course suggests them", async () => {
  const { tokenizer, tokenized } = await pair_task();
  const data_collator = new DataCollatorWithPadding(tokenizer);
  const model = await AutoModelForSequenceClassification.from_pretrained(checkpoint, {
    num_labels: 2,
  });
  const rows = tokenized.remove_columns(["sentence1", "sentence2"]).train;
  const gradient_of = (batches, divisor) => {
    model.zero_grad();
    for (const samples of batches) model(data_collator(samples)).loss.div(divisor).backward();
    return model.parameters()[0].grad.tolist().flat();
  };
  const whole = gradient_of([rows.slice(0, 8)], 1);
  const accumulated = gradient_of([rows.slice(0, 4), rows.slice(4, 8)], 2);
  const worst = Math.max(...whole.map((g, i) => Math.abs(g - accumulated[i])));
  const largest = Math.max(...whole.map(Math.abs));
  assert.ok(
    worst < 1e-5 * largest,
    `two halves make the whole batch's gradient: off by ${worst} of ${largest}`,
  );

  const before_clipping = torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1).item();
  const after_clipping = torch.nn.utils.clip_grad_norm_(model.parameters(), Infinity).item();
  assert.ok(before_clipping > 0.1);
  assert.ok(Math.abs(after_clipping - 0.1) < 1e-4, `clipped to 0.1: ${after_clipping}`);
});
