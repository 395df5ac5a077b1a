// What the rows suite times, in Node.js and in pages: a dataset of many short rows loaded and tokenized into tables on
// disk, found there again, and a first training step.
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  DataCollatorWithPadding,
  init,
  Trainer,
  TrainingArguments,
} from "../../../web/lib/index.js";

/** @template T @param {() => Promise<T>} work @returns {Promise<[seconds: number, result: T]>} */
async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
}

/**
 * @param {object} given
 * @param {string} given.model a folder, or a name on the Hub
 * @param {() => Promise<any>} given.load_rows gives the dataset, with a column `text`
 * @param {number} given.processes
 * @param {() => Promise<void>} given.on_idle called with the core and the tokenizer loaded, and nothing else
 * @param {() => void} given.on_mapped called before the model is loaded
 * @returns {Promise<{rows: number, load: number, map: number, second: number, step: number}>} seconds
 */
export async function work_on_rows({ model: name, load_rows, processes, on_idle, on_mapped }) {
  await init();
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  await on_idle();
  const [load, dataset] = await timed(load_rows);
  const tokenize = () =>
    dataset.map(
      (/** @type {any} */ batch, /** @type {any} */ given) =>
        given.tokenizer(batch.text, { truncation: true }),
      {
        batched: true,
        fn_kwargs: { tokenizer },
        num_proc: processes === 1 ? null : processes,
      },
    );
  const [map, tokenized] = await timed(tokenize);
  const [second] = await timed(tokenize);
  on_mapped();

  const model = await AutoModelForSequenceClassification.from_pretrained(name, { num_labels: 2 });
  const args = new TrainingArguments("unused", {
    ...{ max_steps: 1, per_device_train_batch_size: 16, save_strategy: "no", disable_tqdm: true },
  });
  const trainer = new Trainer(model, args, {
    train_dataset: tokenized,
    data_collator: new DataCollatorWithPadding(tokenizer),
    processing_class: tokenizer,
  });
  const [step] = await timed(() => trainer.train());
  return { rows: tokenized.num_rows, load, map, second, step };
}
