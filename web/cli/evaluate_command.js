// `tunelab evaluate`: loss, accuracy and F1 of a trained model on labelled rows.
import { choose_split } from "./choose_rows.js";
import { with_known_task } from "./known_task.js";
import { metrics_for } from "./metrics.js";
import { load_splits, max_length, text_columns, tokenized, with_labels } from "./task_data.js";
import { print_table } from "./terminal.js";
import { class_names, open_model } from "./use_model.js";

/**
 * @param {import("./parse_options.js").Options} given
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {Promise<number>} the exit code
 */
export async function evaluate_command(given, terminal) {
  const { tokenizer, model, trainer } = await open_model(given, terminal);
  const loaded = await load_splits(given, terminal);
  const { splits, options, metrics: own } = await with_known_task(loaded, given, { labels: true });
  trainer.compute_metrics = metrics_for(model.num_labels, own);
  const [split, rows] = choose_split(splits, options.split);
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
