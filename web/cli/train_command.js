// `tunelab train`: from a model, labelled texts and hyper-parameters to a trained model in a
// folder.
import { access, constants } from "node:fs/promises";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  set_seed,
  Trainer,
  TrainingArguments,
  TunelabError,
} from "../lib/index.js";
import { error_text } from "../lib/core/errors.js";
import { make_folder } from "../lib/hub/make_folder.js";
import { with_named_splits } from "./choose_rows.js";
import { freeze } from "./freeze.js";
import { EXIT_INTERRUPTED, InterruptCallback } from "./interrupt.js";
import { lora_config, with_adapters } from "./lora_options.js";
import { with_known_task } from "./known_task.js";
import { metrics_for } from "./metrics.js";
import { TRAIN, TRAIN_DEFAULTS } from "./option_tables.js";
import { require_option } from "./parse_options.js";
import {
  load_splits,
  max_length,
  task_of,
  text_columns,
  tokenized,
  with_labels,
} from "./task_data.js";
import { duration, print_table, printable } from "./terminal.js";
import { TrainingDisplay } from "./training_display.js";
import { hub_options } from "./use_model.js";

/** @typedef {import("./parse_options.js").Options} Options */
/** @typedef {import("./terminal.js").Terminal} Terminal */
/** @typedef {import("../lib/datasets/dataset.js").Dataset} Dataset */

/**
 * @param {Options} options
 * @param {boolean} evaluates whether there are rows to evaluate on
 */
function training_arguments(options, evaluates) {
  /** @type {Record<string, any>} */
  const fields = { ...TRAIN_DEFAULTS, disable_tqdm: true };
  for (const [name, { field }] of Object.entries(TRAIN))
    if (field !== undefined && options[name] !== undefined) fields[field] = options[name];
  if (!evaluates) fields.eval_strategy = "no";
  return new TrainingArguments(fields);
}

/**
 * A folder that cannot be written is better known now than after an hour.
 * @param {string} folder
 */
async function require_writable(folder) {
  try {
    await make_folder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new TunelabError(
      `${folder} cannot be written (${error_text(error)}); choose another --output`,
      "TL_ERR_ARGUMENT",
      error,
    );
  }
}

/**
 * The splits with labels numbered, and what the numbers mean.
 * @param {Record<string, Dataset>} splits
 * @param {Options} options
 */
function labelled(splits, options) {
  const { train, validation, test } = splits;
  if (!train)
    throw new TunelabError(
      `there is no training split; choose a --train-split: the splits are ${Object.keys(splits).join(", ")}`,
    );
  if (train.length === 0)
    throw new TunelabError("the training split is empty; there is nothing to train on");
  const column = options["label-column"] ?? "label";
  const task = task_of(train, column, options["num-labels"]);
  const rows = options["max-train-samples"] ?? train.length;
  const shown = train.select(Array.from({ length: Math.min(rows, train.length) }, (_, row) => row));
  /** @type {{train: Dataset, validation?: Dataset, test?: Dataset}} */
  const numbered = { train: with_labels(shown, column, task, "train") };
  if (validation) numbered.validation = with_labels(validation, column, task, "validation");
  if (test && test.features[column]) numbered.test = usable_test(test, column, task);
  return { task, ...numbered };
}

/**
 * A test split whose labels are withheld (-1, as in GLUE) is left alone.
 * @param {Dataset} test
 * @param {string} column
 * @param {any} task
 */
function usable_test(test, column, task) {
  const withheld =
    test.length === 0 || test.column(column).every((value) => value === -1 || value === null);
  return withheld ? undefined : with_labels(test, column, task, "test");
}

/**
 * Names of classes for the config, if there are any.
 * @param {{names: string[] | null, num_labels: number}} task
 */
function label_fields({ names, num_labels }) {
  if (!names || names.length !== num_labels) return { num_labels };
  return {
    num_labels,
    id2label: Object.fromEntries(names.map((name, id) => [id, name])),
    label2id: Object.fromEntries(names.map((name, id) => [name, id])),
  };
}

/** @param {import("../lib/transformers/memory_plan.js").MemoryPlan} plan */
function memory_note({ bytes, parameter_bytes, activation_bytes, train_batch }) {
  const megabytes = (/** @type {number} */ count) => `${Math.ceil(count / 1e6)} MB`;
  return (
    `needs ${megabytes(bytes)}: ${megabytes(parameter_bytes)} for weights, gradients and moments, ` +
    `${megabytes(activation_bytes)} for batches of up to ${train_batch.rows} rows with ${train_batch.tokens} tokens`
  );
}

/**
 * How many parameters there are, and how many are trained if that is not all.
 * @param {import("../lib/transformers/modeling.js").PreTrainedModel} model
 */
function parameter_counts(model) {
  const [all, trained] = [false, true].map((only_trainable) =>
    model.num_parameters({ only_trainable }),
  );
  const millions = (/** @type {number} */ count) => `${(count / 1e6).toFixed(1)} M`;
  return `${millions(all)} parameters${trained < all ? `, ${millions(trained)} of them trained` : ""}`;
}

/**
 * @param {Options} given
 * @param {Terminal} terminal
 * @returns {Promise<number>} the exit code
 */
export async function train_command(given, terminal) {
  const name = require_option(given, "model");
  const loaded = await load_splits(given, terminal);
  const { splits, options, metrics } = await with_known_task(loaded, given, { labels: true });
  const { task, train, validation, test } = labelled(with_named_splits(splits, options), options);
  const columns = text_columns(train, options);
  const args = training_arguments(options, validation !== undefined);
  const folder = args.to_dict().output_dir;
  const adapters = lora_config(options);
  await require_writable(folder);

  set_seed(args.to_dict().seed);
  const hub = hub_options(options, terminal);
  const tokenizer = await AutoTokenizer.from_pretrained(name, hub);
  const whole = await AutoModelForSequenceClassification.from_pretrained(name, {
    ...hub,
    ...label_fields(task),
    ignore_mismatched_sizes: options["ignore-mismatched-sizes"],
  });
  const model = with_adapters(whole, adapters, terminal);
  freeze(whole, options.freeze ?? []);
  const length = max_length(tokenizer, model, options);
  const ready = (/** @type {Dataset} */ rows) =>
    tokenized(rows, tokenizer, columns, length, terminal);
  const interrupt = new InterruptCallback(terminal);
  const trainer = new Trainer({
    model,
    args,
    train_dataset: await ready(train),
    eval_dataset: validation && (await ready(validation)),
    processing_class: tokenizer,
    compute_metrics: metrics_for(task.num_labels, metrics),
    callbacks: [new TrainingDisplay(terminal), interrupt],
  });
  const labels = task.num_labels === 1 ? "regression" : `${task.num_labels} classes`;
  terminal.note(
    `training ${model.class_name} (${parameter_counts(model)}) on ${train.length} rows: ` +
      `${columns.join(" + ")} → ${labels}`,
  );
  terminal.note(memory_note(trainer.memory_plan()));
  const result = await trainer.train();
  const { train_runtime, train_loss } = result.metrics;
  terminal.note(
    `${result.global_step} steps in ${duration(train_runtime)}, mean loss ${train_loss.toFixed(4)}`,
  );
  if (interrupt.interrupted) {
    await trainer.save_checkpoint();
    const { global_step, max_steps } = trainer.state;
    terminal.warning(
      `stopped at step ${global_step} of ${max_steps}; the model so far is in ${folder}/checkpoint-${global_step}`,
    );
    return EXIT_INTERRUPTED;
  }
  await trainer.save_model();
  await report(trainer, test && (await ready(test)), validation !== undefined, terminal);
  process.stdout.write(`The model is in ${printable(folder)}\n`);
  interrupt.release();
  return 0;
}

/**
 * The last figures: on the test split if there is one, else on the validation split.
 * @param {Trainer} trainer
 * @param {Dataset | undefined} test
 * @param {boolean} has_validation
 * @param {Terminal} terminal
 */
async function report(trainer, test, has_validation, terminal) {
  if (!test && !has_validation) return;
  const metrics = test
    ? (await trainer.predict(test)).metrics
    : (last_evaluation(trainer) ?? (await trainer.evaluate()));
  terminal.done();
  print_table(`On the ${test ? "test" : "validation"} split:`, metrics);
}

/**
 * What the last step's evaluation gave, if there was one and the weights are still those.
 * @param {Trainer} trainer
 */
function last_evaluation({ state, args }) {
  if (args.load_best_model_at_end) return undefined;
  return state.log_history.findLast(
    ({ step, eval_loss }) => step === state.global_step && eval_loss !== undefined,
  );
}
