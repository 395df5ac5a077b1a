// `tunelab predict`: the class of texts and how sure the model is of it, or their numbers; one JSON object a line.
import { writeFile } from "node:fs/promises";
import { Dataset, TunelabError } from "../lib/index.js";
import { error_text } from "../lib/core/errors.js";
import { choose_split } from "./choose_rows.js";
import { with_known_task } from "./known_task.js";
import { UsageError } from "./parse_options.js";
import { load_splits, max_length, text_columns, tokenized } from "./task_data.js";
import { printable } from "./terminal.js";
import { open_model } from "./use_model.js";

/** @typedef {import("./parse_options.js").Options} Options */

/** Rows from the command line. @param {Options} options */
function given_texts(options) {
  const pairs = options["text-pair"];
  if (pairs && pairs.length !== options.text.length)
    throw new UsageError(
      `there are ${options.text.length} --text but ${pairs.length} --text-pair; give one for each`,
    );
  return Dataset.from_dict(
    pairs ? { text: options.text, text_pair: pairs } : { text: options.text },
  );
}

/**
 * @param {import("../lib/torch/tensor.js").Tensor} logits (N, K)
 * @param {any} model
 * @returns {Record<string, any>[]}
 */
function answers(logits, model) {
  const { num_labels, config } = model;
  if (num_labels === 1)
    return logits.tolist().map((/** @type {number[]} */ [value]) => ({ value }));
  if (config.problem_type === "regression")
    return logits.tolist().map((/** @type {number[]} */ values) => ({ values }));
  const several = config.problem_type === "multi_label_classification";
  const scores = (several ? logits.sigmoid() : logits.softmax(-1)).tolist();
  return scores.map((/** @type {number[]} */ row) => {
    if (several)
      return {
        scores: Object.fromEntries(row.map((score, label) => [config.id2label[label], score])),
      };
    const best = row.indexOf(Math.max(...row));
    return { label: config.id2label[best], score: row[best] };
  });
}

/** @param {Dataset} rows @param {Options} options @returns {{rows: Dataset, columns: string[]}} */
const texts_of = (rows, options) => ({ rows, columns: text_columns(rows, options) });

/**
 * The rows of a dataset's split, and which columns hold their texts.
 * @param {Options} given
 * @param {import("./terminal.js").Terminal} terminal
 */
async function dataset_texts(given, terminal) {
  const loaded = await load_splits(given, terminal);
  const { splits, options } = await with_known_task(loaded, given, { labels: false });
  const [, rows] = choose_split(splits, options.split);
  return texts_of(rows, { "label-column": "label", ...options });
}

/**
 * @param {Options} options
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {Promise<number>} the exit code
 */
export async function predict_command(options, terminal) {
  if (options.text === undefined && options.dataset === undefined)
    throw new UsageError("--text or --dataset is needed; see --help");
  const { tokenizer, model, trainer } = await open_model(options, terminal);
  const { rows, columns } = options.text
    ? texts_of(given_texts(options), {})
    : await dataset_texts(options, terminal);
  const length = max_length(tokenizer, model, options);
  const inputs = await tokenized(rows, tokenizer, columns, length, terminal);
  const unlabelled = inputs.remove_columns(
    inputs.column_names.filter((name) => /^labels?$/.test(name)),
  );
  const { predictions } = await trainer.predict(unlabelled);
  terminal.done();
  const lines = answers(predictions, model).map((answer, row) => {
    const texts = Object.fromEntries(columns.map((name) => [name, rows.at(row)[name]]));
    return `${printable(JSON.stringify({ ...texts, ...answer }))}\n`;
  });
  if (options.output === undefined) process.stdout.write(lines.join(""));
  else await write_output(options.output, lines.join(""));
  return 0;
}

/** @param {string} file @param {string} text */
async function write_output(file, text) {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new TunelabError(
      `${file} cannot be written (${error_text(error)}); choose another --output`,
      "TL_ERR_ARGUMENT",
      error,
    );
  }
}
