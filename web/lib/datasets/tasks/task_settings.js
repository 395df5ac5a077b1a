// What training needs to know of well-known datasets: which columns hold texts and labels, how they
// are scored, which splits have labels.
import { SUPER_GLUE } from "./super_glue.js";

/**
 * @typedef {object} TaskSettings
 * @property {readonly string[]} text_columns one column, or two for pairs
 * @property {(row: Record<string, any>) => Record<string, string>} [add_texts] for map: makes those
 *   text columns that the dataset lacks; needs nothing but the row
 * @property {string} label_column
 * @property {boolean} regression whether labels are numbers to be met instead of classes
 * @property {readonly MetricCall[]} metrics evaluate's metrics
 * @property {string} train the split to train on; "" where there is none
 * @property {readonly string[]} evaluation splits with labels to evaluate on, the first one while
 *   training
 * @property {readonly string[]} hidden_labels splits whose labels are withheld (-1 in every row)
 */

/**
 * @typedef {object} MetricCall the arguments of evaluate.load, and compute's options
 * @property {string} path
 * @property {string} [config_name]
 * @property {Record<string, any>} [options]
 */

/** @type {Omit<TaskSettings, "text_columns" | "metrics">} */
const USUAL = {
  label_column: "label",
  regression: false,
  train: "train",
  evaluation: ["validation"],
  hidden_labels: [],
};

/** @type {Partial<TaskSettings>} */
const HIDDEN_TEST = { hidden_labels: ["test"] };

/** @type {MetricCall} */
const ACCURACY = { path: "accuracy" };

/** The mean of the classes' F1. @type {MetricCall} */
const MACRO_F1 = { path: "f1", options: { average: "macro" } };

/**
 * @param {string} text_columns separated by spaces
 * @param {MetricCall | readonly MetricCall[]} metrics
 * @param {Partial<TaskSettings>} [others] what is not as usual
 * @returns {TaskSettings}
 */
const task = (text_columns, metrics, others) => ({
  ...USUAL,
  text_columns: text_columns.split(" "),
  metrics: [metrics].flat(),
  ...others,
});

/**
 * @param {string} config_name
 * @param {string} text_columns
 * @param {Partial<TaskSettings>} [others]
 */
const glue = (config_name, text_columns, others = HIDDEN_TEST) =>
  task(text_columns, { path: "glue", config_name }, others);

const MRPC = glue("mrpc", "sentence1 sentence2", { evaluation: ["validation", "test"] });

/** @type {Record<string, TaskSettings>} */
const GLUE = {
  cola: glue("cola", "sentence"),
  sst2: glue("sst2", "sentence"),
  mrpc: MRPC,
  qqp: glue("qqp", "question1 question2"),
  stsb: glue("stsb", "sentence1 sentence2", { ...HIDDEN_TEST, regression: true }),
  mnli: glue("mnli", "premise hypothesis", {
    evaluation: ["validation_matched", "validation_mismatched"],
    hidden_labels: ["test_matched", "test_mismatched"],
  }),
  mnli_matched: glue("mnli_matched", "premise hypothesis", { ...HIDDEN_TEST, train: "" }),
  mnli_mismatched: glue("mnli_mismatched", "premise hypothesis", { ...HIDDEN_TEST, train: "" }),
  qnli: glue("qnli", "question sentence"),
  rte: glue("rte", "sentence1 sentence2"),
  wnli: glue("wnli", "sentence1 sentence2"),
  // Diagnostics for models trained on mnli: predictions only.
  ax: glue("mnli", "premise hypothesis", { ...HIDDEN_TEST, train: "", evaluation: [] }),
};

/** F1 of the two stances, without the class "none". @type {TaskSettings} */
const STANCE = task("text", { path: "f1", options: { average: "macro", labels: [1, 2] } });

/** @type {Record<string, TaskSettings>} */
const TWEET_EVAL = {
  emoji: task("text", MACRO_F1),
  emotion: task("text", MACRO_F1),
  hate: task("text", MACRO_F1),
  irony: task("text", { path: "f1" }),
  offensive: task("text", MACRO_F1),
  sentiment: task("text", { path: "recall", options: { average: "macro" } }),
  stance_abortion: STANCE,
  stance_atheism: STANCE,
  stance_climate: STANCE,
  stance_feminist: STANCE,
  stance_hillary: STANCE,
};

const ONLY_TEST = { evaluation: ["test"] };

/** By configuration; "" where any will do. @type {Record<string, Record<string, TaskSettings>>} */
const DATASETS = {
  glue: GLUE,
  super_glue: Object.fromEntries(
    Object.entries(SUPER_GLUE).map(([config_name, { text_columns, ...others }]) => [
      config_name,
      task(text_columns, { path: "super_glue", config_name }, { ...HIDDEN_TEST, ...others }),
    ]),
  ),
  emotion: {
    "": task("text", [ACCURACY, MACRO_F1], {
      evaluation: ["validation", "test"],
    }),
    // All rows in one split.
    unsplit: task("text", [ACCURACY, MACRO_F1], { evaluation: [] }),
  },
  ar_sarcasm: {
    "": task("tweet", [ACCURACY, { path: "f1" }], { ...ONLY_TEST, label_column: "sarcasm" }),
  },
  imdb: { "": task("text", ACCURACY, { ...ONLY_TEST, hidden_labels: ["unsupervised"] }) },
  ag_news: { "": task("text", [ACCURACY, MACRO_F1], ONLY_TEST) },
  sst2: { "": task("sentence", ACCURACY, HIDDEN_TEST) },
  tweet_eval: TWEET_EVAL,
  // tunelab/paraphrase has mrpc's columns and classes.
  paraphrase: { "": MRPC },
};

/** The names without their organisations: glue is nyu-mll/glue. @param {string} dataset */
const short_name = (dataset) => dataset.replace(/\/+$/, "").split("/").at(-1) ?? "";

/**
 * @param {string} dataset a name on the Hub with or without its organisation, or a folder so named
 * @param {string} [config_name]
 * @returns {TaskSettings | undefined} undefined for datasets that are not in the table
 */
export function task_settings(dataset, config_name = "") {
  const name = short_name(dataset);
  const configs = Object.hasOwn(DATASETS, name) ? DATASETS[name] : {};
  return Object.hasOwn(configs, config_name) ? configs[config_name] : configs[""];
}

/** The datasets of the table, with the configurations that it tells apart. */
export function known_tasks() {
  return Object.entries(DATASETS).flatMap(([dataset, configs]) =>
    Object.keys(configs).map((config_name) => ({ dataset, config_name })),
  );
}
