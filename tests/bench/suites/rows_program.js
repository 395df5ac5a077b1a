// A dataset of many short rows, from Parquet files to tokenized tables on disk and a first training step, timed
// in a process of its own: `node rows_program.js MODEL PROCESSES FILE…`, with HF_DATASETS_CACHE an empty folder.
// Prints seconds, and the bytes held at most while loading and mapping beyond what the process held with the core
// and the tokenizer loaded.
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  DataCollatorWithPadding,
  init,
  load_dataset,
  Trainer,
  TrainingArguments,
} from "../../../web/lib/index.js";

const [folder, processes, ...files] = process.argv.slice(2);
await init();
const tokenizer = await AutoTokenizer.from_pretrained(folder);
const idle = process.memoryUsage.rss();

/** @template T @param {() => Promise<T>} work @returns {Promise<[seconds: number, result: T]>} */
async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
}

const [load, dataset] = await timed(() =>
  load_dataset("parquet", { data_files: { train: files }, split: "train" }),
);
const tokenize = () =>
  dataset.map(
    (/** @type {any} */ batch, /** @type {any} */ given) =>
      given.tokenizer(batch.text, { truncation: true }),
    {
      batched: true,
      fn_kwargs: { tokenizer },
      num_proc: processes === "1" ? null : Number(processes),
    },
  );
const [map, tokenized] = await timed(tokenize);
const [second] = await timed(tokenize);
const memory = 1024 * process.resourceUsage().maxRSS - idle;

const model = await AutoModelForSequenceClassification.from_pretrained(folder, { num_labels: 2 });
const args = new TrainingArguments("unused", {
  ...{ max_steps: 1, per_device_train_batch_size: 16, save_strategy: "no", disable_tqdm: true },
});
const trainer = new Trainer(model, args, {
  train_dataset: tokenized,
  data_collator: new DataCollatorWithPadding(tokenizer),
  processing_class: tokenizer,
});
const [step] = await timed(() => trainer.train());
console.log(JSON.stringify({ rows: tokenized.num_rows, load, map, second, step, memory }));
