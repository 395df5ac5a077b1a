// AutoModelForSequenceClassification: a model of a folder's config and weights, with a new head
// where the folder has none.
import { init } from "../core/core.js";
import { located } from "../core/errors.js";
import { default_generator } from "../torch/generator.js";
import { PretrainedConfig, read_config } from "./config.js";
import { load_weights } from "./load_weights.js";
import { warn_about_weights } from "./load_report.js";
import { PreTrainedModel } from "./modeling.js";
import { open_pretrained } from "./pretrained_files.js";

/** @typedef {import("../core/core.js").Core} Core */
/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("./modeling.js").CallableModel} CallableModel */

/** A tl_model whose weights are not set yet. @param {Core} core @param {PretrainedConfig} config */
export function create_model(core, config) {
  const bytes = new TextEncoder().encode(config.to_core_json());
  return core.heap.frame((frame) =>
    core.create("tl_model_create", [frame.u8(bytes), bytes.length]),
  );
}

/** @param {Handle} handle @param {PretrainedConfig} config @returns {CallableModel} */
function callable_model(handle, config) {
  return /** @type {any} */ (new PreTrainedModel(handle, config));
}

/**
 * Initialises the spans that the file lacked, or all.
 * @param {Handle} model
 * @param {boolean} only_missing
 */
function init_weights(model, only_missing) {
  model.core.run("tl_model_init", model.pointer, default_generator.handle.pointer, only_missing);
}

export const AutoModelForSequenceClassification = {
  /**
   * Loads config.json and the weights: model.safetensors or pytorch_model.bin, whole or in several files. A head that the file lacks is drawn from the default
   * generator, as transformers draws it, and a warning says so. The model is in eval mode.
   * @param {string} pretrained_model_name_or_path a folder, an address, or a name on the Hub
   * @param {import("./load_weights.js").WeightOptions & import("./pretrained_files.js").PretrainedOptions &
   *   Record<string, any>} [options] num_labels, id2label, label2id, problem_type, or any field of
   *   config.json; ignore_mismatched_sizes: replace a head of another shape instead of refusing it;
   *   use_safetensors: true or false read one form of weights only;
   *   of files: revision, subfolder, token, progress_callback, …
   * @returns {Promise<CallableModel>}
   * @throws {TunelabError} for missing, malformed or disagreeing files, unknown architectures or
   *   options, NaN in weights
   */
  async from_pretrained(pretrained_model_name_or_path, options = {}) {
    const core = await init();
    const { source, hub, rest } = await open_pretrained(pretrained_model_name_or_path, options);
    const { ignore_mismatched_sizes, use_safetensors, ...overrides } = rest;
    const config = await read_config(source, overrides);
    let handle;
    try {
      handle = create_model(core, config);
    } catch (error) {
      throw located(error, `${source.location}/config.json`);
    }
    const weight_options = { ignore_mismatched_sizes, use_safetensors };
    const report = await load_weights(handle, source, weight_options);
    if (report.missing.length > 0 || report.mismatched.length > 0) init_weights(handle, true);
    const model = callable_model(handle, config);
    warn_about_weights(report, model.class_name, source.location);
    try {
      model.check_weights();
    } catch (error) {
      throw located(error, report.location);
    }
    hub.progress_callback?.({ status: "ready", name: pretrained_model_name_or_path });
    return model;
  },

  /**
   * A model with all weights newly initialised, drawn from the default generator as transformers draws
   * them.
   * @param {PretrainedConfig | Record<string, any>} config
   * @returns {Promise<CallableModel>}
   */
  async from_config(config) {
    const core = await init();
    const full = config instanceof PretrainedConfig ? config : new PretrainedConfig(config);
    const handle = create_model(core, full);
    init_weights(handle, false);
    return callable_model(handle, full);
  },
};
