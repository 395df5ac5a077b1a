// A trained model at work, for `tunelab evaluate` and `tunelab predict`: loaded, its labels' names,
// its Trainer.
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  Trainer,
  TrainingArguments,
} from "../lib/index.js";
import { download_display } from "./download_display.js";
import { require_option } from "./parse_options.js";
import { TrainingDisplay } from "./training_display.js";

/** @typedef {import("./parse_options.js").Options} Options */

/**
 * @param {Options} options
 * @param {import("./terminal.js").Terminal} terminal
 */
export async function open_model(options, terminal) {
  const name = require_option(options, "model");
  const hub = hub_options(options, terminal);
  const tokenizer = await AutoTokenizer.from_pretrained(name, hub);
  const model = await AutoModelForSequenceClassification.from_pretrained(name, hub);
  const trainer = new Trainer({
    model,
    args: new TrainingArguments({
      per_device_eval_batch_size: options["batch-size"] ?? 32,
      disable_tqdm: true,
    }),
    processing_class: tokenizer,
    callbacks: [new TrainingDisplay(terminal)],
  });
  return { tokenizer, model, trainer };
}

/**
 * How a model of the Hub is got.
 * @param {Options} options
 * @param {import("./terminal.js").Terminal} terminal
 */
export const hub_options = (options, terminal) => ({
  revision: options["model-revision"],
  progress_callback: download_display(terminal),
});

/**
 * The names of a model's classes in order; null for regression and where the names only number
 * them.
 * @param {any} model
 * @returns {string[] | null}
 */
export function class_names(model) {
  const names = Object.entries(model.config.id2label)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => String(name));
  return model.num_labels === 1 || names.every((name, i) => name === `LABEL_${i}`) ? null : names;
}
