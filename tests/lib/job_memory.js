// Trains and evaluates a job, and prints what memory was planned and what was held at most: run by memory.test.js, a
// process for each job, because WebAssembly memory never shrinks.
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  Dataset,
  get_peft_model,
  load_dataset,
  LoraConfig,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { repository, start_core } from "./support.js";

const ENCODER = repository("assets/hub/tunelab/bert-tiny-random");

/** A real dataset. */
async function emotions() {
  const splits = await load_dataset(repository("assets/hub/datasets/tunelab/emotion"));
  return splits.map((rows) => tokenizer(rows.text), { batched: true });
}

/** Rows of `shortest` to `longest` tokens. */
function rows_of(count, shortest, longest) {
  const length = (row) => shortest + ((row * 37) % (longest - shortest + 1));
  const ids = (row) => Array.from({ length: length(row) }, (_, i) => (31 * row + 7 * i) % 8000);
  const input_ids = Array.from({ length: count }, (_, row) => ids(row));
  return Dataset.from_dict({ input_ids, label: input_ids.map((_, row) => row % 2) });
}

const pretrained = (num_labels) =>
  AutoModelForSequenceClassification.from_pretrained(ENCODER, { num_labels });

/** 5.4 million parameters. */
const wide = () =>
  AutoModelForSequenceClassification.from_config({
    model_type: "bert",
    vocab_size: 8000,
    hidden_size: 256,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    intermediate_size: 1024,
    max_position_embeddings: 128,
    type_vocab_size: 2,
    num_labels: 2,
  });

function frozen(model) {
  for (const parameter of model.base_model.parameters()) parameter.requires_grad = false;
  return model;
}

const JOBS = {
  "emotions, 16 rows": async () => ({
    model: await pretrained(6),
    data: await emotions(),
    batches: { per_device_train_batch_size: 16, per_device_eval_batch_size: 64 },
  }),
  "long rows, 8 of them": async () => ({
    model: await wide(),
    data: { train: rows_of(16, 20, 100), validation: rows_of(16, 20, 100) },
    batches: { per_device_train_batch_size: 8 },
  }),
  "long rows, activations checkpointed": async () => ({
    model: await wide(),
    data: { train: rows_of(16, 20, 100), validation: rows_of(16, 20, 100) },
    batches: { per_device_train_batch_size: 8, activation_checkpointing: true },
  }),
  "long rows, all but the head frozen": async () => ({
    model: frozen(await wide()),
    data: { train: rows_of(16, 20, 100), validation: rows_of(16, 20, 100) },
    batches: { per_device_train_batch_size: 8 },
  }),
  "long rows, LoRA": async () => ({
    model: get_peft_model(await wide(), new LoraConfig({ task_type: "SEQ_CLS", r: 8 })),
    data: { train: rows_of(16, 20, 100), validation: rows_of(16, 20, 100) },
    batches: { per_device_train_batch_size: 8 },
  }),
  "evaluation in larger batches than training": async () => ({
    model: await wide(),
    data: { train: rows_of(8, 10, 20), validation: rows_of(128, 20, 40) },
    batches: { per_device_train_batch_size: 2, per_device_eval_batch_size: 128 },
  }),
};

const [job, threads] = process.argv.slice(2);
const core = await start_core({ threads: Number(threads) });
const wasm_bytes = () => core.module.memory().buffer.byteLength;
const module_bytes = wasm_bytes();
const tokenizer = await AutoTokenizer.from_pretrained(ENCODER);
const { model, data, batches } = await JOBS[job]();
const trainer = new Trainer({
  model,
  args: new TrainingArguments("unused", {
    max_steps: 3,
    save_strategy: "no",
    disable_tqdm: true,
    ...batches,
  }),
  train_dataset: data.train,
  eval_dataset: data.validation,
  processing_class: tokenizer,
});
const plan = trainer.memory_plan();
await trainer.train();
await trainer.evaluate();
console.log(
  JSON.stringify({
    threads: core.threads,
    parameters: model.num_parameters(),
    plan,
    peak_bytes: core.memory_use().peak_bytes,
    wasm_bytes: wasm_bytes(),
    module_bytes,
  }),
);
