// TrainingArguments: hyper-parameters with transformers' names and defaults, checked one by one.
import { TunelabError } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { nearest_name } from "../core/near_names.js";
import { TRAINING_FIELDS } from "./training_fields.js";

/** @typedef {import("./training_fields.js").Field} Field */

/** Names of older versions, and what they are called now. */
const RENAMED = /** @type {Record<string, string>} */ ({
  evaluation_strategy: "eval_strategy",
  warmup_ratio: "warmup_steps (a number below 1 is a share of all steps)",
  per_gpu_train_batch_size: "per_device_train_batch_size",
  per_gpu_eval_batch_size: "per_device_eval_batch_size",
});

/**
 * Names of older versions that are taken still: what they set now, and for which values (transformers 4's
 * group_by_length: false said nothing).
 */
const DEPRECATED = /** @type {Record<string, {now: string, value: (old: any) => any}>} */ ({
  gradient_checkpointing: { now: "activation_checkpointing", value: (old) => old },
  group_by_length: {
    now: "train_sampling_strategy",
    value: (old) => (old === true ? "group_by_length" : undefined),
  },
});

/**
 * The fields under their present names; a present name that is given itself counts more.
 * @param {Record<string, any>} given
 */
function with_present_names(given) {
  const fields = { ...given };
  for (const [old, { now, value }] of Object.entries(DEPRECATED)) {
    if (!(old in fields)) continue;
    if (![true, false, null, undefined].includes(fields[old]))
      throw new TunelabError(
        `TrainingArguments: ${old} must be true or false, not ${JSON.stringify(fields[old])}`,
      );
    const meant = value(fields[old] ?? undefined);
    delete fields[old];
    if (meant === undefined) continue;
    logger.warning_once(
      `TrainingArguments: ${old} is the old name; give ${now}: ${JSON.stringify(meant)}`,
    );
    fields[now] ??= meant;
  }
  return fields;
}

/** @param {Field} field */
function expectation({ type, min, above, choices }) {
  if (choices) return `one of ${choices.join(", ")}`;
  const words = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    string: "text",
    list: "a list of names",
  };
  const bound =
    min !== undefined ? ` of at least ${min}` : above !== undefined ? ` above ${above}` : "";
  return words[type] + bound;
}

/** @param {Field} field @param {any} value */
function fits(field, value) {
  if (field.type === "bool") return typeof value === "boolean";
  if (field.type === "list") return Array.isArray(value);
  if (field.type === "string")
    return typeof value === "string" && (!field.choices || field.choices.includes(value));
  const whole = field.type === "float" || Number.isInteger(value);
  const in_range = value >= (field.min ?? -Infinity) && !(value <= (field.above ?? -Infinity));
  return typeof value === "number" && Number.isFinite(value) && whole && in_range;
}

/** @param {string} name @param {any} value */
function check(name, value) {
  const field = TRAINING_FIELDS[name];
  if (!field) {
    const near = RENAMED[name] ?? nearest_name(name, Object.keys(TRAINING_FIELDS));
    throw new TunelabError(`TrainingArguments has no field ${name}; the nearest it has is ${near}`);
  }
  if (value === null && field.default === null) return;
  if (!fits(field, value))
    throw new TunelabError(
      `TrainingArguments: ${name} must be ${expectation(field)}, not ${JSON.stringify(value)}`,
    );
}

/**
 * The fields of TRAINING_FIELDS as properties.
 * @typedef {{output_dir: string, per_device_train_batch_size: number, per_device_eval_batch_size:
 *   number, num_train_epochs: number, max_steps: number, learning_rate: number, lr_scheduler_type:
 *   string, warmup_steps: number, weight_decay: number, adam_beta1: number, adam_beta2: number,
 *   adam_epsilon: number, max_grad_norm: number, gradient_accumulation_steps: number,
 *   logging_strategy: string, logging_steps: number, logging_first_step: boolean, eval_strategy:
 *   string, eval_steps: number | null, eval_delay: number, eval_on_start: boolean, save_strategy:
 *   string, save_steps: number, save_total_limit: number | null, load_best_model_at_end: boolean,
 *   metric_for_best_model: string | null, greater_is_better: boolean | null, seed: number,
 *   data_seed: number | null, dataloader_drop_last: boolean, train_sampling_strategy: string,
 *   length_column_name: string, activation_checkpointing: boolean,
 *   remove_unused_columns: boolean, label_names: string[] | null, prediction_loss_only: boolean,
 *   fp16: boolean, bf16: boolean, disable_tqdm: boolean, report_to: string, run_name: string | null}} TrainingFields
 */

/** @typedef {{gradient_checkpointing: boolean, group_by_length: boolean}} OldFields */

export class TrainingArguments {
  /**
   * `new TrainingArguments("out", {learning_rate: 2e-5})` or `new TrainingArguments({output_dir:
   * "out", …})`.
   * @param {string | Partial<TrainingFields & OldFields>} [output_dir]
   * @param {Partial<TrainingFields & OldFields>} [fields]
   * @throws {TunelabError} for a field that is not known (with the nearest that is) or a value it
   *   cannot have
   */
  constructor(output_dir = {}, fields = {}) {
    const given = with_present_names(
      typeof output_dir === "string" ? { ...fields, output_dir } : { ...output_dir, ...fields },
    );
    for (const [name, value] of Object.entries(given)) if (value !== undefined) check(name, value);
    for (const [name, field] of Object.entries(TRAINING_FIELDS))
      /** @type {Record<string, any>} */ (this)[name] =
        /** @type {Record<string, any>} */ (given)[name] ?? field.default;
    const self = /** @type {Arguments} */ (/** @type {unknown} */ (this));
    if (self.fp16 || self.bf16)
      logger.warning_once(
        "TrainingArguments: fp16 and bf16 have no effect here; the core computes in float32",
      );
    self.eval_steps ??= self.logging_steps;
    this._settle_best(self);
  }

  /**
   * load_best_model_at_end needs evaluations to compare and checkpoints to go back to.
   * @param {Arguments} self
   */
  _settle_best(self) {
    const wanted = self.load_best_model_at_end || self.save_strategy === "best";
    if (wanted) self.metric_for_best_model ??= "loss";
    if (self.metric_for_best_model !== null)
      self.greater_is_better ??= !self.metric_for_best_model.endsWith("loss");
    if (!wanted) return;
    if (self.eval_strategy === "no")
      throw new TunelabError(
        "TrainingArguments: the best model is known only with evaluations; set eval_strategy too",
      );
    if (self.save_strategy !== "best" && self.save_strategy !== self.eval_strategy)
      throw new TunelabError(
        "TrainingArguments: load_best_model_at_end requires the save and eval strategy to match, but save_strategy is " +
          `${self.save_strategy} and eval_strategy ${self.eval_strategy}`,
      );
  }

  /** The old name, for code that reads it. @returns {boolean} */
  get gradient_checkpointing() {
    return /** @type {Arguments} */ (/** @type {unknown} */ (this)).activation_checkpointing;
  }

  /** The updates of warm-up. @param {number} num_training_steps */
  get_warmup_steps(num_training_steps) {
    const { warmup_steps } = /** @type {Arguments} */ (/** @type {unknown} */ (this));
    return warmup_steps >= 1
      ? Math.trunc(warmup_steps)
      : Math.ceil(num_training_steps * warmup_steps);
  }

  /** @returns {Record<string, any>} */
  to_dict() {
    return { ...this };
  }
}

/** @typedef {TrainingArguments & TrainingFields} Arguments */
