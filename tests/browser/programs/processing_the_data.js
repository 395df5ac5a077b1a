// The course's section "Processing the data", line by line as tests/reference/course_section.py has it, and what each line
// gives. Runs in browsers and in Node.js.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  configure_hub,
  DataCollatorWithPadding,
  init,
  load_dataset,
  set_seed,
  set_verbosity,
  torch,
} from "../../../web/lib/index.js";

const SEED = 42;

/** SHA-256 of a value's JSON. @param {any} value */
const digest = (value) => bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(value))));

/** @template T, U @param {Record<string, T>} values @param {(value: T) => U} change */
const each = (values, change) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

/** @param {any} tokenizer @param {string} checkpoint */
async function one_batch(tokenizer, checkpoint) {
  set_seed(SEED);
  const model = /** @type {any} */ (
    await AutoModelForSequenceClassification.from_pretrained(checkpoint)
  );
  const sequences = [
    "I've been waiting for a HuggingFace course my whole life.",
    "This course is amazing!",
  ];
  const batch = tokenizer(sequences, { padding: true, truncation: true, return_tensors: "pt" });
  batch.labels = torch.tensor([1, 1]);
  const optimizer = new torch.optim.AdamW(model.parameters());
  const { loss } = model(batch);
  loss.backward();
  optimizer.step();
  const after = torch.no_grad(() => model(batch).loss);
  model.free();
  return [loss.item(), after.item()];
}

/** @param {any} split */
function tokenized_split(split) {
  const columns = Object.fromEntries(
    ["label", "input_ids", "token_type_ids", "attention_mask"].map((name) => [
      name,
      split[name].tolist(),
    ]),
  );
  return {
    printed: String(split),
    features: String(split.features),
    tokens: columns.input_ids.flat().length,
    columns: each(columns, digest),
  };
}

/** @param {{endpoint: string, cache_dir?: string}} given where the Hub is; in Node.js, where its files are kept */
export async function run({ endpoint, cache_dir }) {
  set_verbosity("error");
  configure_hub({ endpoint, cache_dir, base_wait_time: 0.01 });
  await init();

  const checkpoint = "bert-base-uncased";
  const tokenizer = /** @type {any} */ (await AutoTokenizer.from_pretrained(checkpoint));
  const losses = await one_batch(tokenizer, checkpoint);

  const raw_datasets = /** @type {any} */ (await load_dataset("glue", "mrpc"));
  const raw_train_dataset = raw_datasets["train"];
  const element = raw_train_dataset[15];

  const tokenized_sentences_1 = tokenizer(raw_datasets["train"]["sentence1"]);
  const tokenized_sentences_2 = tokenizer(raw_datasets["train"]["sentence2"]);
  const inputs = tokenizer("This is the first sentence.", "This is the second one.");
  const tokenized_dataset = tokenizer(
    raw_datasets["train"]["sentence1"],
    raw_datasets["train"]["sentence2"],
    { padding: true, truncation: true },
  );

  const tokenize_function = (/** @type {any} */ example) =>
    tokenizer(example["sentence1"], example["sentence2"], { truncation: true });
  const tokenized_datasets = await raw_datasets.map(tokenize_function, { batched: true });

  const data_collator = /** @type {any} */ (new DataCollatorWithPadding({ tokenizer }));
  const {
    idx: _,
    sentence1: _1,
    sentence2: _2,
    ...samples
  } = tokenized_datasets["train"].slice(0, 8);
  const batch = /** @type {Record<string, any>} */ (data_collator(samples));

  return {
    losses,
    printed: String(raw_datasets),
    features: String(raw_train_dataset.features),
    first_row: digest(raw_train_dataset[0]),
    labels: { "train 15": element.label, "validation 87": raw_datasets.validation[87].label },
    label_names: raw_train_dataset.features.label.names,
    element_15: [
      digest(tokenizer(element.sentence1).input_ids),
      digest(tokenizer(element.sentence2).input_ids),
      digest(tokenizer(element.sentence1, element.sentence2).input_ids),
    ],
    sentences: [digest(tokenized_sentences_1.input_ids), digest(tokenized_sentences_2.input_ids)],
    inputs: { ...inputs },
    tokens: tokenizer.convert_ids_to_tokens(inputs.input_ids),
    padded: each({ ...tokenized_dataset }, digest),
    splits: Object.fromEntries(
      Object.keys(raw_datasets.num_rows).map((name) => [
        name,
        tokenized_split(tokenized_datasets[name]),
      ]),
    ),
    lengths: samples.input_ids.map((/** @type {number[]} */ x) => x.length),
    shapes: each(batch, ({ shape }) => [...shape]),
    batch: each(batch, (tensor) => digest(tensor.tolist())),
  };
}
