// `tunelab evaluate`: loss, accuracy and F1 of a trained model on labelled rows.
import { load_splits, max_length, text_columns, tokenized, with_labels } from "./task_data.js";
import { print_table } from "./terminal.js";
import { choose_split, class_names, open_model } from "./use_model.js";

/**
 * @param {import("./parse_options.js").Options} options
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {Promise<number>} the exit code
 */
export async function evaluate_command(options, terminal) {
  const { tokenizer, model, trainer } = await open_model(options, terminal);
  const [split, rows] = choose_split(await load_splits(options, terminal), options.split);
  const task = { names: class_names(model), num_labels: model.num_labels };
  const labelled = with_labels(rows, options["label-column"] ?? "label", task, split);
  const columns = text_columns(labelled, options);
  const length = max_length(tokenizer, model, options);
  const ready = await tokenized(labelled, tokenizer, columns, length, terminal);
  const { metrics } = await trainer.predict(ready, { metric_key_prefix: "eval" });
  terminal.done();
  print_table(`${rows.length} rows of ${split}:`, metrics);
  return 0;
}
