// Trains the stand-in encoder for a few steps on the emotion dataset, and tells the losses.
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  DataCollatorWithPadding,
  init,
  load_dataset,
  set_verbosity,
  Trainer,
  TrainingArguments,
} from "../../../web/lib/index.js";

/**
 * @param {{model: string, train_file: string, steps: number, threads?: number}} given addresses, and how far
 * @returns {Promise<{build: string, threads: number, losses: number[]}>}
 */
export async function run({ model: checkpoint, train_file, steps, threads }) {
  set_verbosity("error");
  const core = await init({ threads });
  const raw = await load_dataset("parquet", { data_files: { train: train_file } });
  const tokenizer = await AutoTokenizer.from_pretrained(checkpoint);
  /** @param {any} example */
  const tokenize_function = (example) => tokenizer(example.text, { truncation: true });
  const tokenized = await raw.map(tokenize_function, { batched: true });
  const model = await AutoModelForSequenceClassification.from_pretrained(checkpoint, {
    num_labels: 6,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  });
  const args = new TrainingArguments("none", {
    max_steps: steps,
    logging_steps: 1,
    save_strategy: "no",
    learning_rate: 1e-3,
  });
  const trainer = new Trainer(model, args, {
    train_dataset: tokenized.train,
    data_collator: new DataCollatorWithPadding(tokenizer),
    processing_class: tokenizer,
  });
  await trainer.train();
  const losses = trainer.state.log_history.flatMap((/** @type {any} */ log) =>
    log.loss === undefined ? [] : [log.loss],
  );
  return { build: core.build, threads: core.threads, losses };
}
