// The table of TrainingArguments: every field that means something here, its default in
// transformers 5.23, and its help.
import { SCHEDULER_NAMES } from "./optimization.js";

/**
 * @typedef {object} Field
 * @property {"int" | "float" | "bool" | "string" | "list"} type
 * @property {any} default null: none
 * @property {string} help one sentence
 * @property {readonly string[]} [choices]
 * @property {number} [min] the least value allowed
 * @property {number} [above] values must be greater
 */

const IN_FLOAT32 = "Mixed precision; has no effect here, the core computes in float32.";

const WHEN = ["no", "steps", "epoch"];

/** @type {Record<string, Field>} */
export const TRAINING_FIELDS = {
  output_dir: {
    type: "string",
    default: "trainer_output",
    help: "Where checkpoints and the final model are saved.",
  },
  per_device_train_batch_size: {
    type: "int",
    default: 8,
    min: 1,
    help: "Rows in a training batch.",
  },
  per_device_eval_batch_size: {
    type: "int",
    default: 8,
    min: 1,
    help: "Rows in an evaluation batch.",
  },
  num_train_epochs: {
    type: "float",
    default: 3,
    above: 0,
    help: "Passes over the training set; may have a fraction.",
  },
  max_steps: {
    type: "int",
    default: -1,
    help: "Updates in all, instead of num_train_epochs if above 0.",
  },
  learning_rate: { type: "float", default: 5e-5, min: 0, help: "AdamW's first learning rate." },
  lr_scheduler_type: {
    type: "string",
    default: "linear",
    choices: SCHEDULER_NAMES,
    help: "How the rate changes.",
  },
  warmup_steps: {
    type: "float",
    default: 0,
    min: 0,
    help: "Updates of linear warm-up; below 1 a share of all updates.",
  },
  weight_decay: {
    type: "float",
    default: 0,
    min: 0,
    help: "AdamW's weight decay; not for biases and layer norms.",
  },
  adam_beta1: { type: "float", default: 0.9, min: 0, help: "AdamW's decay of the first moment." },
  adam_beta2: {
    type: "float",
    default: 0.999,
    min: 0,
    help: "AdamW's decay of the second moment.",
  },
  adam_epsilon: { type: "float", default: 1e-8, min: 0, help: "AdamW's epsilon." },
  max_grad_norm: {
    type: "float",
    default: 1,
    min: 0,
    help: "Gradients are clipped to this norm; 0 leaves them.",
  },
  gradient_accumulation_steps: {
    type: "int",
    default: 1,
    min: 1,
    help: "Batches whose gradients make one update.",
  },
  logging_strategy: {
    type: "string",
    default: "steps",
    choices: WHEN,
    help: "When the training loss is logged.",
  },
  logging_steps: {
    type: "float",
    default: 500,
    above: 0,
    help: "Updates between logs; below 1 a share of all.",
  },
  logging_first_step: { type: "bool", default: false, help: "Log the first update too." },
  eval_strategy: {
    type: "string",
    default: "no",
    choices: WHEN,
    help: "When the evaluation set is run.",
  },
  eval_steps: {
    type: "float",
    default: null,
    above: 0,
    help: "Updates between evaluations; default logging_steps.",
  },
  eval_delay: {
    type: "float",
    default: 0,
    min: 0,
    help: "Epochs (or steps) before the first evaluation.",
  },
  eval_on_start: { type: "bool", default: false, help: "Evaluate before training." },
  save_strategy: {
    type: "string",
    default: "steps",
    choices: [...WHEN, "best"],
    help: "When checkpoints are saved.",
  },
  save_steps: {
    type: "float",
    default: 500,
    above: 0,
    help: "Updates between checkpoints; below 1 a share of all.",
  },
  save_total_limit: {
    type: "int",
    default: null,
    min: 1,
    help: "Keep so many checkpoints, the best among them.",
  },
  load_best_model_at_end: {
    type: "bool",
    default: false,
    help: "End with the best checkpoint's weights.",
  },
  metric_for_best_model: { type: "string", default: null, help: "What best means; default loss." },
  greater_is_better: {
    type: "bool",
    default: null,
    help: "Whether more of that metric is better; default: not for a loss.",
  },
  seed: { type: "int", default: 42, min: 0, help: "Seeds the new head, dropout and shuffling." },
  data_seed: { type: "int", default: null, min: 0, help: "Seeds shuffling alone; default seed." },
  dataloader_drop_last: { type: "bool", default: false, help: "Leave out a short last batch." },
  train_sampling_strategy: {
    type: "string",
    default: "random",
    choices: ["random", "sequential", "group_by_length"],
    help: "The order of training rows.",
  },
  length_column_name: {
    type: "string",
    default: "length",
    help: "A column with the rows' lengths, if there is one, for group_by_length.",
  },
  activation_checkpointing: {
    type: "bool",
    default: false,
    help: "Compute activations again in backward instead of keeping them: less memory, a fifth slower.",
  },
  remove_unused_columns: {
    type: "bool",
    default: true,
    help: "Leave out columns that the model does not take.",
  },
  label_names: {
    type: "list",
    default: null,
    help: "The columns that are labels; default labels.",
  },
  prediction_loss_only: {
    type: "bool",
    default: false,
    help: "Evaluate the loss alone, without metrics.",
  },
  fp16: { type: "bool", default: false, help: IN_FLOAT32 },
  bf16: { type: "bool", default: false, help: IN_FLOAT32 },
  disable_tqdm: { type: "bool", default: false, help: "Do not print logs while training." },
  report_to: {
    type: "string",
    default: "none",
    choices: ["none"],
    help: "Other loggers; there are none.",
  },
  run_name: { type: "string", default: null, help: "A name for the run." },
};
