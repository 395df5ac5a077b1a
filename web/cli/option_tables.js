// The terminal's options as tables: name, kind, help. TrainingArguments' fields come from the
// library's own table.
import { BUILDS, TRAINING_FIELDS } from "../lib/index.js";

/**
 * @typedef {object} Option
 * @property {"int" | "float" | "bool" | "string" | "list"} type
 * @property {string} help
 * @property {any} [default] shown in the help
 * @property {readonly string[]} [choices]
 * @property {string} [field] the TrainingArguments field it sets, where the name differs
 * @property {number} [min] of a number
 * @property {boolean} [repeated] may be given more than once
 */

/** @typedef {Record<string, Option>} OptionTable */

/** What every command takes. @type {OptionTable} */
export const COMMON = {
  threads: {
    type: "int",
    min: 1,
    help: "Threads to work on; default: the processors there are. Results do not depend on it.",
  },
  build: {
    type: "string",
    choices: BUILDS,
    help: "A WebAssembly build; default: the fastest this host runs.",
  },
  quiet: { type: "bool", help: "No progress and no notes, results and errors only." },
  help: { type: "bool", help: "Show this help." },
};

/** Where the rows come from. @type {OptionTable} */
export const DATA = {
  dataset: {
    type: "string",
    help: "A dataset's name on the Hub, a folder laid out like one, or a CSV, TSV, JSON or Parquet file.",
  },
  "dataset-revision": {
    type: "string",
    help: "A branch, tag or commit of the dataset on the Hub; default: main.",
  },
  "dataset-config": {
    type: "string",
    help: "The configuration, where the dataset has several; --dataset glue/mrpc says it in one.",
  },
  "text-columns": {
    type: "list",
    help: "The column with the text, or two for pairs: sentence1,sentence2.",
  },
  "label-column": { type: "string", default: "label", help: "The column with the labels." },
  "max-length": {
    type: "int",
    min: 2,
    help: "Longer texts are cut to so many tokens; default: what model and tokenizer allow.",
  },
};

/** @param {string} field */
const kebab = (field) => field.replaceAll("_", "-");

/** What `tunelab train` sets otherwise than transformers, and why its user is better off. */
export const TRAIN_DEFAULTS = {
  eval_strategy: "epoch", // people at a terminal want to see how it goes
  logging_steps: 0.05, // twenty lines, however short the run
  save_strategy: "no", // the trained model is saved at the end in any case
};

/** @type {OptionTable} */
const TRAINING = Object.fromEntries(
  Object.entries(TRAINING_FIELDS)
    .filter(([field]) => !["output_dir", "report_to", "disable_tqdm"].includes(field))
    .map(([field, { type, help, choices, default: value }]) => {
      const shown = /** @type {Record<string, any>} */ (TRAIN_DEFAULTS)[field] ?? value;
      return [kebab(field), { type, help, choices, default: shown, field }];
    }),
);

/** Adapters instead of full training. @type {OptionTable} */
const LORA = {
  "lora-r": {
    type: "int",
    min: 1,
    help: "Train LoRA adapters of this rank and the classifier only; the model is saved merged.",
  },
  "lora-alpha": {
    type: "float",
    default: 8,
    help: "Adapters' results are multiplied by alpha / r.",
  },
  "lora-dropout": { type: "float", min: 0, default: 0, help: "Dropout before the adapters." },
  "lora-target-modules": {
    type: "list",
    help: "Attention's modules that get adapters; default query,value (DistilBERT: q_lin,v_lin).",
  },
};

/** @type {Option} */
const MODEL_REVISION = {
  type: "string",
  help: "A branch, tag or commit of the model on the Hub; default: main.",
};

/** @type {OptionTable} */
export const TRAIN = {
  model: {
    type: "string",
    help: "The model to start from: a Hugging Face folder, an address, or a name on the Hub.",
  },
  "model-revision": MODEL_REVISION,
  output: {
    type: "string",
    default: "trainer_output",
    field: "output_dir",
    help: "Where the model is saved.",
  },
  ...DATA,
  "train-split": {
    type: "string",
    help: "The rows of --dataset to train on: a split or a part, train[:10%]. Default train.",
  },
  "validation-split": {
    type: "string",
    help: "The rows to evaluate on while training: validation, train[90%:]. Default validation.",
  },
  "test-split": { type: "string", help: "The rows of a last evaluation. Default test." },
  "train-file": { type: "string", help: "Training rows, instead of --dataset." },
  "validation-file": { type: "string", help: "Validation rows." },
  "test-file": { type: "string", help: "Rows for a last evaluation." },
  "max-train-samples": { type: "int", min: 1, help: "Train on the first so many rows only." },
  "num-labels": {
    type: "int",
    min: 1,
    help: "The number of classes, if not what the training rows show; 1: regression.",
  },
  "ignore-mismatched-sizes": {
    type: "bool",
    help: "Replace a head of another size instead of refusing the model.",
  },
  freeze: {
    type: "list",
    help: "Parts of the encoder that are not trained: embeddings,encoder.layer.0.",
  },
  epochs: { type: "float", field: "num_train_epochs", help: "The same as --num-train-epochs." },
  ...TRAINING,
  ...LORA,
  ...COMMON,
};

/** @type {OptionTable} */
export const EVALUATE = {
  model: { type: "string", help: "A trained model: its folder, address, or name on the Hub." },
  "model-revision": MODEL_REVISION,
  ...DATA,
  split: {
    type: "string",
    help: "A split or a part of it, test[:100]; default test, else validation, else the only one.",
  },
  "batch-size": { type: "int", min: 1, default: 32, help: "Rows in a batch." },
  ...COMMON,
};

/** @type {OptionTable} */
export const PREDICT = {
  model: { type: "string", help: "A trained model: its folder, address, or name on the Hub." },
  "model-revision": MODEL_REVISION,
  text: {
    type: "string",
    repeated: true,
    help: "A text to classify; may be given more than once.",
  },
  "text-pair": {
    type: "string",
    repeated: true,
    help: "The second text of a pair, one for each --text.",
  },
  ...DATA,
  split: EVALUATE.split,
  "batch-size": EVALUATE["batch-size"],
  output: {
    type: "string",
    help: "Write the predictions to this file (JSON Lines) instead of the terminal.",
  },
  ...COMMON,
};
