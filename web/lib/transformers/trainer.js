// Trainer: training, evaluation and prediction as transformers' Trainer does them, on nothing but
// this library's public parts.
import { TunelabError } from "../core/errors.js";
import { AdamW } from "../torch/adamw.js";
import { DataLoader } from "../torch/data_loader.js";
import { SeedableRandomSampler, SequentialSampler } from "../torch/sampler.js";
import { save_checkpoint, save_model_to } from "./checkpoints.js";
import { DataCollatorWithPadding, default_data_collator } from "./data_collator.js";
import { evaluation_loop } from "./evaluation_loop.js";
import { LengthGroupedSampler } from "./length_grouped_sampler.js";
import { memory_plan } from "./memory_plan.js";
import { get_scheduler } from "./optimization.js";
import { row_lengths } from "./row_lengths.js";
import {
  DefaultFlowCallback,
  PrinterCallback,
  TrainerControl,
  TrainerState,
} from "./trainer_callback.js";
import { PredictionOutput, set_seed, speed_metrics } from "./trainer_utils.js";
import { TrainingArguments } from "./training_args.js";
import { training_loop } from "./training_loop.js";

/** @typedef {import("./modeling.js").CallableModel} Model */
/** @typedef {import("./tokenizer.js").CallableTokenizer} Tokenizer */
/** @typedef {import("./training_args.js").Arguments} Arguments */
/** @typedef {import("./trainer_callback.js").Callback} Callback */
/** @typedef {import("./trainer_callback.js").EventName} EventName */
/** @typedef {import("./trainer_utils.js").EvalPrediction} EvalPrediction */
/** @typedef {import("../torch/tensor.js").Tensor} Tensor */
/** @typedef {import("../torch/data_loader.js").MapDataset} MapDataset */
/** @typedef {Record<string, number>} Metrics */

/**
 * @typedef {object} TrainerOptions
 * @property {Model} model
 * @property {TrainingArguments} [args] default: the defaults
 * @property {((rows: any[]) => any) | DataCollatorWithPadding} [data_collator] default
 *   DataCollatorWithPadding(processing_class), else default_data_collator
 * @property {MapDataset} [train_dataset] a Dataset, or a list of rows
 * @property {MapDataset} [eval_dataset]
 * @property {Tokenizer} [processing_class] the tokenizer; saved beside the model
 * @property {(prediction: EvalPrediction) => Metrics | Promise<Metrics>} [compute_metrics]
 * @property {Callback[]} [callbacks]
 * @property {[optimizer: AdamW | null, lr_scheduler: import("../torch/lr_scheduler.js").LambdaLR |
 *   null]} [optimizers]
 */

/** The options of the constructor, for refusing others by name. */
const OPTIONS = new Set(
  "model args data_collator train_dataset eval_dataset processing_class compute_metrics callbacks optimizers".split(
    " ",
  ),
);

export class Trainer {
  /**
   * `new Trainer(model, args, {train_dataset, …})` or `new Trainer({model, args, …})`. Seeds
   * everything with args.seed.
   * @param {Model | TrainerOptions} model
   * @param {TrainingArguments} [args]
   * @param {Partial<TrainerOptions>} [options]
   */
  constructor(model, args, options = {}) {
    const given = /** @type {TrainerOptions} */ (
      typeof model === "function" ? { model, args, ...options } : { ...model, ...options }
    );
    for (const name of Object.keys(given))
      if (!OPTIONS.has(name))
        throw new TunelabError(
          `Trainer has no argument ${name}; it has ${[...OPTIONS].join(", ")}`,
        );
    if (!given.model) throw new TunelabError("`Trainer` requires a `model` argument");
    this.args = /** @type {Arguments} */ (given.args ?? new TrainingArguments());
    set_seed(this.args.seed);
    this.model = given.model;
    // Now, not in train(): the memory is planned before.
    if (this.args.activation_checkpointing) this.model.activation_checkpointing_enable();
    this.train_dataset = given.train_dataset;
    this.eval_dataset = given.eval_dataset;
    this.processing_class = given.processing_class;
    const padding = given.processing_class && new DataCollatorWithPadding(given.processing_class);
    const collator = given.data_collator ?? padding ?? default_data_collator;
    this.data_collator = /** @type {(rows: any[]) => any} */ (collator);
    this.compute_metrics = given.compute_metrics;
    [this.optimizer = null, this.lr_scheduler = null] = given.optimizers ?? [];
    // A schedule that was not given is made anew by each train(), whose length it depends on.
    this._given_scheduler = this.lr_scheduler;
    /** @type {Callback[]} */
    this.callbacks = [new DefaultFlowCallback(), ...(given.callbacks ?? [])];
    if (!this.args.disable_tqdm) this.callbacks.push(new PrinterCallback());
    this.label_names = this.args.label_names ?? ["labels"];
    /**
     * Whether the losses of accumulated batches already are parts of one mean. null: transformers'
     * rule, which holds that every classifier's are, so that their gradients add up. false:
     * divide by the number of batches.
     * @type {boolean | null}
     */
    this.loss_is_scaled_for_ga = null;
    this.state = new TrainerState();
    this.control = new TrainerControl();
    this.call_event("on_init_end");
  }

  // ---- events ----

  /** @param {Callback} callback */
  add_callback(callback) {
    this.callbacks.push(callback);
  }

  /** @param {Callback} callback */
  remove_callback(callback) {
    this.callbacks = this.callbacks.filter((each) => each !== callback);
  }

  /**
   * Tells the callbacks, in their order.
   * @param {EventName} event
   * @param {Partial<import("./trainer_callback.js").EventDetails>} [details]
   */
  call_event(event, details = {}) {
    const { model, optimizer, lr_scheduler } = this;
    for (const callback of this.callbacks)
      callback[event]?.(this.args, this.state, this.control, {
        model,
        optimizer,
        lr_scheduler,
        ...details,
      });
  }

  /** Adds an entry to the log history. @param {Metrics} logs */
  log(logs) {
    const entry = { ...logs, epoch: this.state.epoch };
    this.state.log_history.push({ ...entry, step: this.state.global_step });
    this.call_event("on_log", { logs: entry });
  }

  // ---- data ----

  /** The columns that a batch may have. */
  _signature_columns() {
    return [...this.model.forward_arguments, "label", "label_ids", ...this.label_names];
  }

  /**
   * The collator, before it the removal of columns that the model does not take.
   * @param {MapDataset} dataset
   * @returns {(rows: any[]) => any}
   */
  _collator_for(dataset) {
    const collate = this.data_collator;
    if (!this.args.remove_unused_columns || dataset.length === 0) return collate;
    const names = Object.keys(dataset.at(0));
    const kept = names.filter((name) => this._signature_columns().includes(name));
    if (kept.length === 0 || !kept.includes("input_ids"))
      throw new TunelabError(
        `No columns in the dataset match the model's forward method signature: (${this._signature_columns().join(", ")}). ` +
          `The dataset has ${names.join(", ")}; tokenize it first (dataset.map(tokenize_function, {batched: true})).`,
      );
    return (rows) =>
      collate(rows.map((row) => Object.fromEntries(kept.map((name) => [name, row[name]]))));
  }

  /**
   * The order of training rows.
   * @param {MapDataset} dataset
   */
  _get_train_sampler(dataset) {
    const { args } = this;
    switch (args.train_sampling_strategy) {
      case "sequential":
        return new SequentialSampler(dataset);
      case "group_by_length":
        return new LengthGroupedSampler(
          args.per_device_train_batch_size * args.gradient_accumulation_steps,
          row_lengths(dataset, args.length_column_name),
        );
      default:
        return new SeedableRandomSampler(dataset, { data_seed: args.data_seed });
    }
  }

  get_train_dataloader() {
    const dataset = this.train_dataset;
    if (!dataset) throw new TunelabError("Trainer: training requires a train_dataset.");
    if (dataset.length === 0)
      throw new TunelabError(
        "Trainer: the training dataset is empty; there is nothing to train on",
      );
    const { args } = this;
    return new DataLoader(dataset, {
      batch_size: args.per_device_train_batch_size,
      sampler: this._get_train_sampler(dataset),
      collate_fn: this._collator_for(dataset),
      drop_last: args.dataloader_drop_last,
    });
  }

  /** @param {MapDataset} [eval_dataset] default the Trainer's */
  get_eval_dataloader(eval_dataset = this.eval_dataset) {
    if (!eval_dataset) throw new TunelabError("Trainer: evaluation requires an eval_dataset.");
    if (eval_dataset.length === 0)
      throw new TunelabError("Trainer: the evaluation dataset is empty");
    return new DataLoader(eval_dataset, {
      batch_size: this.args.per_device_eval_batch_size,
      collate_fn: this._collator_for(eval_dataset),
      drop_last: this.args.dataloader_drop_last,
    });
  }

  // ---- optimizer and schedule ----

  /** AdamW in two groups: weight decay for all but biases and layer norms. */
  create_optimizer() {
    if (this.optimizer) return this.optimizer;
    const { args } = this;
    const trained = this.model.parameters().filter((parameter) => parameter.requires_grad);
    this.optimizer = new AdamW(
      [
        { params: trained.filter(({ decay }) => decay), weight_decay: args.weight_decay },
        { params: trained.filter(({ decay }) => !decay), weight_decay: 0 },
      ],
      { lr: args.learning_rate, betas: [args.adam_beta1, args.adam_beta2], eps: args.adam_epsilon },
    );
    return this.optimizer;
  }

  /** @param {number} num_training_steps */
  create_scheduler(num_training_steps) {
    this.lr_scheduler ??= get_scheduler(this.args.lr_scheduler_type, {
      optimizer: this.create_optimizer(),
      num_warmup_steps: this.args.get_warmup_steps(num_training_steps),
      num_training_steps,
    });
    return this.lr_scheduler;
  }

  // ---- work ----

  /**
   * The memory that train() will hold at most, known before it runs: its bytes in all and in parts, and
   * the largest batches they are for.
   * @returns {import("./memory_plan.js").MemoryPlan}
   */
  memory_plan() {
    this.get_train_dataloader(); // refuses a dataset that could not be trained on
    return memory_plan(this);
  }

  /**
   * Trains. Gives the event loop a turn every tenth of a second, so that callbacks can be told to
   * stop.
   * @returns {Promise<{global_step: number, training_loss: number, metrics: Metrics}>}
   * @throws {TunelabError} TL_ERR_NUMERIC if the loss or the gradients' norm is not finite, naming
   *   the step
   */
  train() {
    return training_loop(this);
  }

  /**
   * The loss on the evaluation set and what compute_metrics makes of the logits, each with the
   * prefix.
   * @param {MapDataset} [eval_dataset] default the Trainer's
   * @param {{metric_key_prefix?: string}} [options] default "eval"
   * @returns {Promise<Metrics>}
   */
  async evaluate(eval_dataset, { metric_key_prefix = "eval" } = {}) {
    const start = performance.now();
    const dataloader = this.get_eval_dataloader(eval_dataset);
    const loss_only = !this.compute_metrics || this.args.prediction_loss_only;
    const output = await evaluation_loop(this, dataloader, metric_key_prefix, loss_only);
    const metrics = {
      ...output.metrics,
      ...speed_metrics(metric_key_prefix, start, output.num_samples, dataloader.length),
    };
    this.log(metrics);
    this.call_event("on_evaluate", { metrics });
    return { ...metrics, epoch: this.state.epoch };
  }

  /**
   * The logits of every row; loss and metrics too where there are labels.
   * @param {MapDataset} test_dataset
   * @param {{metric_key_prefix?: string}} [options] default "test"
   * @returns {Promise<PredictionOutput>}
   */
  async predict(test_dataset, { metric_key_prefix = "test" } = {}) {
    const start = performance.now();
    const dataloader = this.get_eval_dataloader(test_dataset);
    const { predictions, label_ids, metrics, num_samples } = await evaluation_loop(
      this,
      dataloader,
      metric_key_prefix,
      false,
    );
    Object.assign(metrics, speed_metrics(metric_key_prefix, start, num_samples, dataloader.length));
    this.call_event("on_predict", { metrics });
    return new PredictionOutput(/** @type {Tensor} */ (predictions), label_ids, metrics);
  }

  /**
   * Saves the model, and the tokenizer if there is one.
   * @param {string} [output_dir] default args.output_dir
   */
  async save_model(output_dir = this.args.output_dir) {
    await save_model_to(this, output_dir);
  }

  /** Saves checkpoint-<step> in output_dir: model, tokenizer and trainer_state.json. */
  async save_checkpoint() {
    await save_checkpoint(this);
  }
}
