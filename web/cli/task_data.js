// The rows of a command: loaded, their columns found, their labels made integers.
import { error_text } from "../lib/core/errors.js";
import {
  choose_text_columns,
  ClassLabel,
  load_dataset,
  TunelabError,
  Value,
} from "../lib/index.js";
import { download_display } from "./download_display.js";
import { map_display } from "./map_display.js";
import { UsageError } from "./parse_options.js";

/** @typedef {import("../lib/datasets/dataset.js").Dataset} Dataset */
/** @typedef {Record<string, Dataset>} Splits */
/** @typedef {import("./parse_options.js").Options} Options */

/**
 * @param {Options} options
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {Promise<Splits>}
 */
export async function load_splits(options, terminal) {
  const files = {
    train: options["train-file"],
    validation: options["validation-file"],
    test: options["test-file"],
  };
  /** @type {Splits} */
  const splits = {};
  if (options.dataset !== undefined)
    Object.assign(
      splits,
      await load_dataset(options.dataset, {
        name: options["dataset-config"],
        revision: options["dataset-revision"],
        progress_callback: download_display(terminal),
      }),
    );
  for (const [split, file] of Object.entries(files))
    if (file !== undefined) splits[split] = await load_dataset(file, { split: "train" });
  if (Object.keys(splits).length === 0)
    throw new UsageError("--dataset is needed (or --train-file); see --help");
  return splits;
}

/**
 * The text columns: as asked for, or the only one or two with text.
 * @param {Dataset} dataset
 * @param {Options} options
 * @returns {string[]}
 */
export function text_columns(dataset, options) {
  const choice = { text_columns: options["text-columns"], label_column: options["label-column"] };
  let columns;
  try {
    columns = choose_text_columns(dataset.features, choice);
  } catch (error) {
    if (options["text-columns"] !== undefined) throw error;
    throw new UsageError(`--text-columns is needed: ${error_text(error)}`);
  }
  for (const name of columns) require_text(dataset, name);
  return columns;
}

/** A value as a message shows it; JSON has neither NaN nor long integers. @param {any} value */
const shown = (value) =>
  typeof value === "number" || typeof value === "bigint" ? String(value) : JSON.stringify(value);

/** @param {Dataset} dataset @param {string} name */
function require_text(dataset, name) {
  const values = dataset.column(name);
  const odd = values.findIndex((value) => typeof value !== "string");
  if (odd < 0) return;
  const what = values[odd] === null ? "is empty" : `holds ${shown(values[odd])}`;
  throw new TunelabError(`column ${name} must hold text, but row ${odd} ${what}`, "TL_ERR_FORMAT");
}

/**
 * What the labels are: classes with names, or numbers to be met (regression).
 * @typedef {{names: string[] | null, num_labels: number}} Task names null: regression, or classes
 *   without names
 */

/**
 * @param {Dataset} dataset the training rows
 * @param {string} column
 * @param {number | undefined} num_labels asked for
 * @returns {Task}
 */
export function task_of(dataset, column, num_labels) {
  const values = labels_of(dataset, column);
  const feature = dataset.features[column];
  if (num_labels === 1) return { names: null, num_labels: 1 };
  if (feature instanceof ClassLabel)
    return { names: [...feature.names], num_labels: num_labels ?? feature.num_classes };
  const has_fraction = (/** @type {any} */ value) =>
    typeof value === "number" && !Number.isInteger(value);
  if (/^float/.test(feature.dtype) || values.some(has_fraction))
    return { names: null, num_labels: 1 };
  const classes = [...new Set(values)];
  const by_number = classes.every((value) => typeof value === "number");
  if (by_number && num_labels !== undefined) return { names: null, num_labels };
  const sorted = by_number ? classes.sort((a, b) => a - b) : classes.map(String).sort();
  const counted = by_number && sorted.every((value, i) => value === i);
  if (sorted.length < 2)
    throw new TunelabError(
      `column ${column} holds one class only (${sorted[0]}); there is nothing to tell apart`,
    );
  return { names: counted ? null : sorted.map(String), num_labels: num_labels ?? sorted.length };
}

/**
 * A column's labels, none of them missing.
 * @param {Dataset} dataset
 * @param {string} column
 * @returns {import("../lib/datasets/column.js").Column}
 */
function labels_of(dataset, column) {
  const values = dataset.column(column);
  const missing = values.findIndex(
    (value) => value === null || value === undefined || typeof value === "object",
  );
  if (typeof (values[missing] ?? 0) === "object")
    throw new TunelabError(
      `column ${column} must hold one label a row, but row ${missing} holds ${JSON.stringify(values[missing])}; ` +
        "train with several labels a row from JavaScript (problem_type multi_label_classification)",
      "TL_ERR_UNSUPPORTED",
    );
  if (missing >= 0)
    throw new TunelabError(
      `column ${column} must hold a label in every row, but row ${missing} has none`,
      "TL_ERR_FORMAT",
    );
  return values;
}

/**
 * The dataset with its labels as the task numbers them, in a column `label`.
 * @param {Dataset} dataset
 * @param {string} column
 * @param {Task} task
 * @param {string} split for messages
 * @returns {Dataset}
 */
export function with_labels(dataset, column, { names, num_labels }, split) {
  const values = labels_of(dataset, column);
  const feature = dataset.features[column];
  const named =
    names && feature instanceof ClassLabel
      ? values.map((value) => feature.names[value] ?? value)
      : values;
  const labels = named.map((value, row) => {
    const label = names ? names.indexOf(String(value)) : value;
    const fits =
      num_labels === 1
        ? Number.isFinite(label)
        : Number.isInteger(label) && label >= 0 && label < num_labels;
    if (fits) return label;
    const expected =
      num_labels === 1
        ? "a number"
        : names
          ? `one of ${names.join(", ")}`
          : `0 to ${num_labels - 1}`;
    throw new TunelabError(
      `label out of range: row ${row} of ${split} has ${shown(value)}; expected ${expected}`,
      "TL_ERR_MISMATCH",
    );
  });
  const others = "label" in dataset.features ? dataset.remove_columns("label") : dataset;
  const type =
    num_labels === 1
      ? new Value("float32")
      : new ClassLabel(names ? { names } : { num_classes: num_labels });
  return others.add_column("label", labels).cast_column("label", type);
}

/**
 * The longest input that tokenizer and model both take, or what is asked for if that is less.
 * @param {any} tokenizer
 * @param {any} model
 * @param {Options} options
 */
export function max_length(tokenizer, model, options) {
  const limit = Math.min(
    tokenizer.model_max_length,
    model.config.max_position_embeddings ?? Infinity,
  );
  const asked = options["max-length"];
  if (asked !== undefined && asked > limit)
    throw new UsageError(`--max-length ${asked} is beyond what the model takes, ${limit} tokens`);
  return asked ?? limit;
}

/**
 * @param {Dataset} dataset
 * @param {any} tokenizer
 * @param {string[]} columns one or two
 * @param {number} length
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {Promise<Dataset>}
 */
export async function tokenized(dataset, tokenizer, [first, second], length, terminal) {
  const options = { truncation: true, max_length: length };
  return dataset.map(
    (batch, given) =>
      given.second === undefined
        ? given.tokenizer(batch[given.first], given.options)
        : given.tokenizer(batch[given.first], batch[given.second], given.options),
    {
      batched: true,
      fn_kwargs: { tokenizer, first, second, options },
      progress_callback: map_display(terminal),
    },
  );
}
