// The model object: called with a batch it gives loss and logits; its parameters, modes and saving.
import { Callable } from "../core/callable.js";
import { TunelabError } from "../core/errors.js";
import { open_source } from "../hub/file_source.js";
import { save_folder } from "../hub/save_folder.js";
import { default_generator } from "../torch/generator.js";
import { is_grad_enabled } from "../torch/grad_mode.js";
import { LossTensor } from "../torch/loss.js";
import { ModuleView } from "../torch/module.js";
import { Parameter } from "../torch/parameter.js";
import { Tensor } from "../torch/tensor.js";
import { pack_inputs, pack_labels } from "./batch_packing.js";
import { config_text } from "./config.js";
import { load_weights } from "./load_weights.js";
import { WEIGHTS_NAME } from "./weight_files.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("./batch_packing.js").Batch} Batch */
/** @typedef {import("./config.js").PretrainedConfig} Config */
/** @typedef {import("../torch/module.js").Module} Module */
/** @typedef {import("../torch/parameter.js").Span} Span */

/**
 * Model outputs: `loss` if there were labels, `logits` (B, K).
 * @typedef {{loss?: LossTensor, logits: Tensor}} SequenceClassifierOutput
 */

/**
 * What calls leave behind: the batch in the core; what tells a loss whether it is still the last
 * forward's, and dropout whether it was seeded anew.
 * @typedef {{batch: Handle, forwards: number, seedings: number}} Calls
 */

/**
 * Of tl_model_describe.
 * @typedef {{class_prefix: string, base_model_prefix: string, type_vocab_size: number, spans: Span[]}} Description
 */

/** The arguments of a call, in transformers' order. */
const FORWARD_ARGUMENTS = ["input_ids", "attention_mask", "token_type_ids", "labels"];

/** Saved so many weights at a time. */
const PIECE = 1 << 18;

/**
 * A model as it is used: a function of a batch.
 * @typedef {PreTrainedModel & ((inputs: Batch) => SequenceClassifierOutput)} CallableModel
 */

/** A sequence classifier over a tl_model. */
export class PreTrainedModel extends Callable {
  /**
   * Use AutoModelForSequenceClassification.
   * @param {Handle} handle a tl_model
   * @param {Config} config
   * @param {Calls} [calls] another object's over the same tl_model
   */
  constructor(handle, config, calls) {
    super();
    this._handle = handle;
    this.config = config;
    this._calls = calls ?? {
      batch: handle.core.create("tl_batch_create"),
      forwards: 0,
      seedings: -1,
    };
    /** @type {Description | undefined} */
    this._described = undefined;
  }

  /** What the core tells of the model, anew once adapters have come or gone. @returns {Description} */
  get _description() {
    const { core, pointer } = this._handle;
    const count = core.call("tl_model_span_count", pointer);
    if (this._described && this._described.spans.length === count) return this._described;
    const text = core.heap.text(core.call("tl_model_describe", pointer) >>> 0);
    return (this._described = /** @type {Description} */ (JSON.parse(text)));
  }

  /** Such as BertForSequenceClassification. */
  get class_name() {
    return `${this._description.class_prefix}ForSequenceClassification`;
  }

  get num_labels() {
    return this.config.num_labels;
  }

  /** The names that a call takes; a DistilBERT, for one, reads no token types. */
  get forward_arguments() {
    const reads_types = this._description.type_vocab_size > 0;
    return FORWARD_ARGUMENTS.filter((name) => reads_types || name !== "token_type_ids");
  }

  /**
   * token_type_ids are left aside by a model without them (DistilBERT), whose folder may hold BERT's tokenizer.
   * @param {Batch} inputs int32 tensors (B, S): input_ids, attention_mask (default ones),
   *   token_type_ids (default zeros); labels (B) or float (B, K)
   * @returns {SequenceClassifierOutput}
   */
  _call(inputs) {
    const names = this.forward_arguments;
    const unknown = Object.keys(inputs).find((name) => !FORWARD_ARGUMENTS.includes(name));
    if (unknown)
      throw new TunelabError(
        `${this.class_name}.forward() got an unexpected keyword argument '${unknown}'; it takes ${names.join(", ")}`,
      );
    this._seed_dropout();
    const { batch } = this._calls;
    this._calls.forwards += 1;
    const read = Object.entries(inputs).filter(([name]) => names.includes(name));
    pack_inputs(batch, /** @type {Batch} */ (Object.fromEntries(read)));
    if (inputs.labels) pack_labels(batch, inputs.labels, this.config);
    const { core, pointer } = this._handle;
    core.call("tl_model_set_grad_enabled", pointer, is_grad_enabled());
    core.run("tl_model_forward", pointer, batch.pointer);
    const rows = inputs.input_ids.shape[0];
    const values = core.heap
      .f32_at(core.call("tl_model_logits", pointer) >>> 0, rows * this.num_labels)
      .slice();
    const logits = new Tensor(values, [rows, this.num_labels]);
    return inputs.labels ? { loss: this._loss(), logits } : { logits };
  }

  /** Dropout follows manual_seed, as all that is random in torch does. */
  _seed_dropout() {
    if (!this.training || this._calls.seedings === default_generator.seedings) return;
    this._calls.seedings = default_generator.seedings;
    this._handle.core.call(
      "tl_model_seed_dropout",
      this._handle.pointer,
      default_generator.initial_seed(),
    );
  }

  _loss() {
    const { core, pointer } = this._handle;
    const forward = this._calls.forwards;
    const value = core.call("tl_model_loss", pointer);
    if (!is_grad_enabled()) return new LossTensor(value, undefined);
    let spent = false;
    /** @param {number} scale */
    const backward = (scale) => {
      if (spent)
        throw new TunelabError("backward: trying to backward through the graph a second time");
      if (forward !== this._calls.forwards)
        throw new TunelabError(
          "backward: the model has run another batch since; call loss.backward() before the next forward",
        );
      core.run("tl_model_backward", pointer, scale);
      spent = true;
    };
    return new LossTensor(value, { backward });
  }

  get training() {
    return Boolean(this._handle.core.call("tl_model_training", this._handle.pointer));
  }

  /** Dropout on (or off, with false). @param {boolean} [mode] @returns {this} */
  train(mode = true) {
    this._handle.core.call("tl_model_set_training", this._handle.pointer, mode);
    return this;
  }

  /** Dropout off. @returns {this} */
  eval() {
    return this.train(false);
  }

  /**
   * Training then keeps few activations and computes the others again in backward: less memory, a step a fifth
   * slower, the same bits. What backward needs of the last forward is dropped.
   * @param {{every_n_layers?: number, offload?: boolean}} [options] of transformers' only the defaults: all
   *   layers, nothing offloaded
   */
  activation_checkpointing_enable({ every_n_layers = 1, offload = false } = {}) {
    if (every_n_layers !== 1 || offload)
      throw new TunelabError(
        "activation_checkpointing_enable: every layer is checkpointed and nothing is offloaded; leave every_n_layers at 1 and offload at false",
      );
    this._handle.core.call("tl_model_set_activation_checkpointing", this._handle.pointer, true);
  }

  activation_checkpointing_disable() {
    this._handle.core.call("tl_model_set_activation_checkpointing", this._handle.pointer, false);
  }

  get is_activation_checkpointing() {
    return Boolean(
      this._handle.core.call("tl_model_activation_checkpointing", this._handle.pointer),
    );
  }

  /** The older name of activation_checkpointing_enable. */
  gradient_checkpointing_enable() {
    this.activation_checkpointing_enable();
  }

  /** The older name of activation_checkpointing_disable. */
  gradient_checkpointing_disable() {
    this.activation_checkpointing_disable();
  }

  /** The older name of is_activation_checkpointing. */
  get is_gradient_checkpointing() {
    return this.is_activation_checkpointing;
  }

  /** @returns {Parameter[]} */
  parameters() {
    return this._description.spans.map((span, index) => new Parameter(this._handle, index, span));
  }

  /** @returns {[name: string, parameter: Parameter][]} */
  named_parameters() {
    return this.parameters().map((parameter) => [parameter.name, parameter]);
  }

  /** The model as a tree of its parts. @returns {Module} */
  _module() {
    return /** @type {Module} */ (new ModuleView(this.named_parameters()));
  }

  /** transformers' name of the encoder without the head: bert, roberta, … */
  get base_model_prefix() {
    return this._description.base_model_prefix;
  }

  /** The encoder without the head. */
  get base_model() {
    return this._part(this.base_model_prefix);
  }

  /**
   * `for (const param of model.bert.embeddings.parameters()) param.requires_grad = false` freezes the
   * embeddings; so do other parts, such as `model.bert.encoder.layer[0]`.
   */
  get bert() {
    return this._part("bert");
  }

  get distilbert() {
    return this._part("distilbert");
  }

  get roberta() {
    return this._part("roberta");
  }

  get mpnet() {
    return this._part("mpnet");
  }

  get electra() {
    return this._part("electra");
  }

  get albert() {
    return this._part("albert");
  }

  /** ModernBERT's encoder, as transformers calls it. */
  get model() {
    return this._part("model");
  }

  /** ModernBERT's head below the classifier. */
  get head() {
    return this._part("head");
  }

  get pre_classifier() {
    return this._part("pre_classifier");
  }

  get classifier() {
    return this._part("classifier");
  }

  /** @param {string} name */
  _part(name) {
    const parts = this._module();
    if (name in parts) return /** @type {Module} */ (parts[name]);
    const names = parts.named_children().map(([child]) => child);
    throw new TunelabError(
      `'${this.class_name}' object has no attribute '${name}'; its parts are ${names.join(", ")}`,
    );
  }

  /** @param {{only_trainable?: boolean}} [options] */
  num_parameters({ only_trainable = false } = {}) {
    const counted = this.parameters().filter(
      (parameter) => !only_trainable || parameter.requires_grad,
    );
    return counted.reduce((sum, parameter) => sum + parameter.numel(), 0);
  }

  zero_grad() {
    this._handle.core.call("tl_model_zero_grad", this._handle.pointer);
  }

  /**
   * The floating-point operations of the last forward and its backward, two for each multiply-add
   * that real tokens need.
   */
  floating_point_ops() {
    return /** @type {number} */ (
      this._handle.core.call("tl_model_flops", this._handle.pointer, true)
    );
  }

  /**
   * The bytes that training needs with batches of up to B sequences, T tokens in all, S in the
   * longest: weights, gradients, moments, activations.
   * @param {number} B
   * @param {number} T
   * @param {number} S
   * @returns {number}
   */
  plan_bytes(B, T, S) {
    return this._handle.core.call("tl_model_plan_bytes", this._handle.pointer, B, T, S, true);
  }

  /**
   * The activations' part of it; less where nothing is kept for backward.
   * @param {number} B
   * @param {number} T
   * @param {number} S
   * @param {{training?: boolean}} [options] false: evaluation, under no_grad
   * @returns {number}
   */
  activation_bytes(B, T, S, { training = true } = {}) {
    const { core, pointer } = this._handle;
    return core.call("tl_model_activation_bytes", pointer, B, T, S, training);
  }

  /** The most bytes that the core can ever hold. */
  get memory_limit() {
    return this._handle.core.memory_limit;
  }

  /**
   * Takes the memory for such batches now, so that a job which cannot fit is refused before it
   * runs, and no step takes any.
   * @param {number} B
   * @param {number} T
   * @param {number} S
   * @param {{training?: boolean}} [options] false: evaluation, under no_grad
   */
  reserve(B, T, S, { training = true } = {}) {
    const { core, pointer } = this._handle;
    core.call("tl_model_set_grad_enabled", pointer, training);
    core.run("tl_model_reserve", pointer, B, T, S);
  }

  /**
   * For get_peft_model: adapters on these matrices, drawn from the default generator.
   * @param {{r: number, lora_alpha: number, lora_dropout: number, use_rslora: boolean}} config
   * @param {Parameter[]} matrices
   */
  _add_lora({ r, lora_alpha, lora_dropout, use_rslora }, matrices) {
    const { core, pointer } = this._handle;
    core.heap.frame((frame) =>
      core.run(
        "tl_model_add_lora",
        pointer,
        r,
        lora_alpha / (use_rslora ? Math.sqrt(r) : r),
        lora_dropout,
        frame.i32(matrices.map(({ index }) => index)),
        matrices.length,
        default_generator.handle.pointer,
      ),
    );
  }

  /** The model itself: there is one device. @returns {this} */
  to() {
    return this;
  }

  /** Refuses weights that are NaN or infinite, naming the first. */
  check_weights() {
    this._handle.core.run("tl_model_check", this._handle.pointer);
  }

  /** The weights as a file holds them: adapters merged, the model itself untouched. */
  *_weight_bytes() {
    const { core, pointer } = this._handle;
    const size = core.call("tl_model_save_size", pointer);
    const piece = core.heap.alloc(4 * PIECE);
    try {
      for (let at = 0; at < size; at += PIECE) {
        const count = Math.min(PIECE, size - at);
        core.run("tl_model_save_data", pointer, at, count, piece);
        yield core.heap.bytes(piece, 4 * count);
      }
    } finally {
      core.heap.free(piece);
    }
  }

  _header_bytes() {
    const { core, pointer } = this._handle;
    return core.heap.frame((frame) => {
      const out = frame.alloc(8);
      core.run("tl_model_save_header", pointer, out, out + 4);
      const [bytes, size] = core.heap.i32_at(out, 2);
      return core.heap.bytes(bytes >>> 0, size >>> 0);
    });
  }

  *_file_bytes() {
    yield this._header_bytes();
    yield* this._weight_bytes();
  }

  /** config.json as it is saved: every field it came with, and what this model is. */
  _saved_config() {
    const { class_name } = this;
    return config_text({ ...this.config.to_dict(), architectures: [class_name], dtype: "float32" });
  }

  /**
   * Writes config.json and model.safetensors.
   * @param {import("../hub/save_folder.js").Sink} sink
   */
  async save_to(sink) {
    this.check_weights();
    await sink.write("config.json", this._saved_config());
    await sink.write(WEIGHTS_NAME, this._file_bytes());
  }

  /**
   * Saves a folder that from_pretrained (and transformers) reads. All files are written before any
   * old one is replaced.
   * @param {string} save_directory
   * @throws {TunelabError} if a weight is NaN or infinite, or the disk is full; the folder is then
   *   as it was
   */
  async save_pretrained(save_directory) {
    await save_folder(save_directory, (sink) => this.save_to(sink));
  }

  /**
   * Takes the weights of a folder that this model was saved in.
   * @param {string} save_directory
   * @throws {TunelabError} if they are missing or of other shapes
   */
  async load_pretrained(save_directory) {
    await load_weights(this._handle, await open_source(save_directory), {});
  }

  /** Gives its memory back now. */
  free() {
    this._calls.batch.free();
    this._handle.free();
  }
}
