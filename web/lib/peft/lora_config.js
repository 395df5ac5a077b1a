// LoraConfig: peft's settings of low-rank adapters, checked one by one.
import { TunelabError } from "../core/errors.js";
import { nearest_name } from "../core/near_names.js";

/** peft's task types that there is a model for. */
export const TaskType = /** @type {const} */ ({ SEQ_CLS: "SEQ_CLS" });

/**
 * @typedef {object} LoraFields
 * @property {number} r rank of the adapters
 * @property {string[] | null} target_modules names of modules, whole or their ends; null: the
 *   architecture's default, query and value
 * @property {number} lora_alpha the adapters' result is multiplied by lora_alpha / r
 * @property {number} lora_dropout probability of dropout before an adapter
 * @property {boolean} use_rslora multiply by lora_alpha / √r instead
 * @property {string} bias "none": biases stay frozen
 * @property {string | null} task_type "SEQ_CLS": the classifier is trained too
 * @property {string[] | null} modules_to_save more modules to train whole, by the ends of their
 *   names
 * @property {number | number[] | null} layers_to_transform layers by number; null: all
 * @property {boolean} init_lora_weights true: A uniform, B zero
 */

/** @type {LoraFields} peft's defaults */
const DEFAULTS = {
  r: 8,
  target_modules: null,
  lora_alpha: 8,
  lora_dropout: 0,
  use_rslora: false,
  bias: "none",
  task_type: null,
  modules_to_save: null,
  layers_to_transform: null,
  init_lora_weights: true,
};

/** peft's other fields: refused, unless they ask for nothing. */
const UNSUPPORTED = [
  "alora_invocation_tokens",
  "alpha_pattern",
  "arrow_config",
  "corda_config",
  "ensure_weight_tying",
  "eva_config",
  "exclude_modules",
  "fan_in_fan_out",
  "inference_mode",
  "kasa_config",
  "layer_replication",
  "layers_pattern",
  "loftq_config",
  "lora_bias",
  "lora_ga_config",
  "megatron_config",
  "monteclora_config",
  "rank_pattern",
  "target_parameters",
  "trainable_token_indices",
  "use_bdlora",
  "use_dora",
  "use_qalora",
  "velora_config",
];

/** @param {any} value */
const asks_for_nothing = (value) =>
  value === null ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** @param {any} value */
const is_names = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");

/** @param {any} value */
const is_layer = (value) => Number.isInteger(value) && value >= 0;

/** Of each field: what it must be, in words and as a test. */
const RULES = /** @type {Record<string, [words: string, fits: (value: any) => boolean]>} */ ({
  r: ["a whole number of at least 1", (value) => Number.isInteger(value) && value >= 1],
  target_modules: [
    'a list of module names, such as ["query", "value"]',
    (value) => value === null || is_names(value),
  ],
  lora_alpha: ["a number", Number.isFinite],
  lora_dropout: [
    "a number from 0 to 1",
    (value) => Number.isFinite(value) && value >= 0 && value <= 1,
  ],
  use_rslora: ["true or false", (value) => typeof value === "boolean"],
  bias: ['"none" (training biases is not supported)', (value) => value === "none"],
  task_type: ['"SEQ_CLS" or null', (value) => value === null || value === TaskType.SEQ_CLS],
  modules_to_save: ["a list of module names", (value) => value === null || is_names(value)],
  layers_to_transform: [
    "a layer's number or a list of them",
    (value) => value === null || is_layer(value) || (Array.isArray(value) && value.every(is_layer)),
  ],
  init_lora_weights: ["true (A uniform, B zero)", (value) => value === true],
});

/** @param {string} name @param {any} value */
function check(name, value) {
  const rule = RULES[name];
  if (rule) {
    const [words, fits] = rule;
    if (!fits(value))
      throw new TunelabError(`LoraConfig: ${name} must be ${words}, not ${JSON.stringify(value)}`);
  } else if (!UNSUPPORTED.includes(name)) {
    const near = nearest_name(name, [...Object.keys(DEFAULTS), ...UNSUPPORTED]);
    throw new TunelabError(`LoraConfig has no field ${name}; the nearest it has is ${near}`);
  } else if (!asks_for_nothing(value)) {
    throw new TunelabError(`LoraConfig: ${name} is not supported`, "TL_ERR_UNSUPPORTED");
  }
}

/** What get_peft_model is to do. The fields are properties. */
export class LoraConfig {
  /**
   * @param {Partial<LoraFields> & Record<string, any>} [fields]
   * @throws {TunelabError} for a field that is not known or not supported, or a value it cannot
   *   have
   */
  constructor(fields = {}) {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    for (const [name, value] of given) check(name, value);
    const known = given.filter(([name]) => name in DEFAULTS);
    Object.assign(this, DEFAULTS, Object.fromEntries(known));
  }

  /** @returns {LoraFields} */
  to_dict() {
    return /** @type {any} */ ({ ...this });
  }
}
