// A model with LoRA adapters: trained like any other, saved and unloaded merged.
import { PreTrainedModel } from "../transformers/modeling.js";
import { adapted_matrices, saved_module } from "./target_modules.js";

/** @typedef {import("../torch/parameter.js").Parameter} Parameter */
/** @typedef {import("../transformers/modeling.js").CallableModel} CallableModel */
/** @typedef {import("./lora_config.js").LoraConfig} LoraConfig */
/** @typedef {PeftModel & CallableModel} CallablePeftModel */

/** @param {Parameter} parameter */
const is_adapter = ({ name }) => /\.lora_[AB]\./.test(name);

/** What get_peft_model makes. The base model is the same model: it has the adapters too. */
export class PeftModel extends PreTrainedModel {
  /**
   * Use get_peft_model.
   * @param {PreTrainedModel} base a model that has its adapters
   * @param {LoraConfig} config
   */
  constructor(base, config) {
    super(base._handle, base.config, base._calls);
    this._base = base;
    /** @type {Record<string, LoraConfig>} */
    this.peft_config = { default: config };
  }

  get active_adapter() {
    return "default";
  }

  /** @returns {CallableModel} */
  get_base_model() {
    return /** @type {CallableModel} */ (this._base);
  }

  /** The tree of parts under peft's names: `model.base_model.model.bert…`. */
  get base_model() {
    return super._part("base_model");
  }

  /** Other parts are the base model's, as peft passes them on. @param {string} name */
  _part(name) {
    return this._base._part(name);
  }

  /**
   * Under peft's names, which tell of its wrappers: base_model.model.…, .base_layer.,
   * .modules_to_save.default.
   * @returns {[name: string, parameter: Parameter][]}
   */
  named_parameters() {
    const parameters = this.parameters();
    const adapted = new Set(
      parameters.filter(is_adapter).map(({ name }) => name.replace(/\.lora_[AB]\..*/, "")),
    );
    return parameters.map((parameter) => {
      const { name } = parameter;
      const layer = name.slice(0, name.lastIndexOf("."));
      const saved = saved_module(parameter, this.peft_config.default.to_dict());
      const module = saved ?? layer;
      const wrapper = saved ? ".modules_to_save.default" : adapted.has(layer) ? ".base_layer" : "";
      return [`base_model.model.${module}${wrapper}${name.slice(module.length)}`, parameter];
    });
  }

  /**
   * How many parameters are trained, and how many there are. As in peft, modules that are trained
   * whole count twice among the latter: peft keeps their originals.
   * @returns {[trainable: number, all: number]}
   */
  get_nb_trainable_parameters() {
    const config = this.peft_config.default.to_dict();
    const originals = this.parameters()
      .filter((parameter) => saved_module(parameter, config))
      .reduce((sum, parameter) => sum + parameter.numel(), 0);
    return [this.num_parameters({ only_trainable: true }), this.num_parameters() + originals];
  }

  /** The line that print_trainable_parameters prints. */
  trainable_parameters_line() {
    const [trainable, all] = this.get_nb_trainable_parameters();
    const [a, b] = [trainable, all].map((count) => count.toLocaleString("en-US"));
    const share = ((100 * trainable) / all).toFixed(4);
    return `trainable params: ${a} || all params: ${b} || trainable%: ${share}`;
  }

  /** Prints the two counts and their ratio. */
  print_trainable_parameters() {
    console.log(this.trainable_parameters_line());
  }

  /**
   * Adds each adapter's product to its matrix and removes the adapters. What is frozen stays
   * frozen; an optimizer of this model cannot go on.
   * @returns {CallableModel} the base model
   */
  merge_and_unload() {
    this._handle.core.call("tl_model_merge_lora", this._handle.pointer);
    return this.get_base_model();
  }

  /**
   * Takes the weights of a folder that this model was saved in. Those are merged: the adapters
   * start anew from zero beside them.
   * @param {string} save_directory
   */
  async load_pretrained(save_directory) {
    await super.load_pretrained(save_directory);
    const { core, pointer } = this._handle;
    const weights = core.call("tl_model_weights", pointer) >>> 0;
    for (const { name, offset, size } of this._description.spans)
      if (name.includes(".lora_B.")) core.heap.f32_at(weights + 4 * offset, size).fill(0);
  }
}

/**
 * Gives a model adapters as LoraConfig says and freezes the rest, but for the modules that the
 * task trains whole. The adapters' start is drawn from the default generator, as peft draws it.
 * The model itself is changed; make optimizers and the Trainer afterwards.
 * @param {PreTrainedModel} model
 * @param {LoraConfig} peft_config
 * @returns {CallablePeftModel}
 * @throws {import("../core/errors.js").TunelabError} for modules that are not there or cannot be
 *   adapted, or if the model has adapters; nothing has changed then
 */
export function get_peft_model(model, peft_config) {
  const config = peft_config.to_dict();
  const before = model.parameters();
  const matrices = adapted_matrices(before, config, model.config.model_type);
  model._add_lora(config, matrices);
  for (const parameter of before)
    parameter.requires_grad = saved_module(parameter, config) !== undefined;
  return /** @type {any} */ (new PeftModel(model, peft_config));
}
