// `tunelab train --lora-…`: adapters on the model before it is trained.
import { get_peft_model, LoraConfig } from "../lib/index.js";
import { UsageError } from "./parse_options.js";

/** @typedef {import("./parse_options.js").Options} Options */
/** @typedef {import("../lib/transformers/modeling.js").CallableModel} CallableModel */

/** The other options, and the fields of LoraConfig that they set. */
const FIELDS = /** @type {Record<string, string>} */ ({
  "lora-alpha": "lora_alpha",
  "lora-dropout": "lora_dropout",
  "lora-target-modules": "target_modules",
});

/**
 * The adapters' settings; undefined without --lora-r.
 * @param {Options} options
 */
export function lora_config(options) {
  const given = Object.keys(FIELDS).filter((name) => options[name] !== undefined);
  if (options["lora-r"] === undefined) {
    if (given.length > 0) throw new UsageError(`--${given[0]} needs --lora-r, the adapters' rank`);
    return undefined;
  }
  const fields = given.map((name) => [FIELDS[name], options[name]]);
  return new LoraConfig({
    r: options["lora-r"],
    task_type: "SEQ_CLS",
    ...Object.fromEntries(fields),
  });
}

/**
 * The model to train: with adapters where they are asked for.
 * @param {CallableModel} model
 * @param {LoraConfig | undefined} config
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {CallableModel}
 */
export function with_adapters(model, config, terminal) {
  if (!config) return model;
  const adapted = get_peft_model(model, config);
  terminal.note(adapted.trainable_parameters_line());
  return adapted;
}
