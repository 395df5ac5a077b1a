// What happens around training: the state, the switches, the events, and the callback that decides
// when to log and save.

/** @typedef {import("./training_args.js").Arguments} Arguments */
/** @typedef {Record<string, number>} Logs */

/** Where training stands; saved as trainer_state.json. */
export class TrainerState {
  constructor() {
    this.epoch = 0;
    this.global_step = 0;
    this.max_steps = 0;
    this.num_train_epochs = 0;
    this.logging_steps = 500;
    this.eval_steps = 500;
    this.save_steps = 500;
    this.train_batch_size = 8;
    this.total_flos = 0;
    /** @type {Logs[]} */
    this.log_history = [];
    /** @type {number | null} */
    this.best_metric = null;
    /** @type {number | null} */
    this.best_global_step = null;
    /** @type {string | null} */
    this.best_model_checkpoint = null;
  }

  /**
   * Steps given as a share of all become numbers.
   * @param {Arguments} args
   * @param {number} max_steps
   */
  compute_steps(args, max_steps) {
    const absolute = (/** @type {number} */ steps) =>
      steps < 1 ? Math.ceil(max_steps * steps) : steps;
    this.logging_steps = absolute(args.logging_steps);
    this.eval_steps = absolute(args.eval_steps ?? args.logging_steps);
    this.save_steps = absolute(args.save_steps);
    this.max_steps = max_steps;
    this.train_batch_size = args.per_device_train_batch_size;
  }

  to_json_string() {
    return `${JSON.stringify(this, null, 2)}\n`;
  }
}

/** What callbacks switch on; the Trainer acts on it and switches it off. */
export class TrainerControl {
  constructor() {
    this.should_training_stop = false;
    this.should_epoch_stop = false;
    this.should_save = false;
    this.should_evaluate = false;
    this.should_log = false;
  }

  new_training() {
    this.should_training_stop = false;
  }

  new_epoch() {
    this.should_epoch_stop = false;
  }

  new_step() {
    this.should_save = false;
    this.should_evaluate = false;
    this.should_log = false;
  }
}

/**
 * What an event is told beside args, state and control.
 * @typedef {object} EventDetails
 * @property {any} model
 * @property {any} [optimizer]
 * @property {any} [lr_scheduler]
 * @property {any} [train_dataloader]
 * @property {any} [eval_dataloader]
 * @property {Logs} [logs] in on_log
 * @property {Logs} [metrics] in on_evaluate and on_predict
 */

/**
 * @typedef {"on_init_end" | "on_train_begin" | "on_train_end" | "on_epoch_begin" | "on_epoch_end" |
 *   "on_step_begin" | "on_pre_optimizer_step" | "on_optimizer_step" | "on_substep_end" |
 *   "on_step_end" | "on_evaluate" | "on_predict" | "on_save" | "on_log" | "on_prediction_step"}
 *   EventName
 * @typedef {(args: Arguments, state: TrainerState, control: TrainerControl, details: EventDetails)
 *   => void} Listener
 */

/**
 * Watches training, and may change `control`. A callback is any object with some of the events as
 * methods, such as
 * `{on_log(args, state, control, {logs}) { … }}`; or a subclass of this.
 */
export class TrainerCallback {}

/** @typedef {TrainerCallback & Partial<Record<EventName, Listener>>} Callback */

/** @param {number} step @param {number} interval */
const due = (step, interval) => step % interval === 0;

/** Switches logging, evaluation, saving and the end on when the arguments say so. */
export class DefaultFlowCallback extends TrainerCallback {
  /** @type {Listener} */
  on_step_end(args, state, control) {
    const step = state.global_step;
    const evaluates = args.eval_strategy === "steps" && args.eval_delay <= step;
    const last = step >= state.max_steps;
    if (step === 1 && args.logging_first_step) control.should_log = true;
    if (args.logging_strategy === "steps" && due(step, state.logging_steps))
      control.should_log = true;
    if (evaluates && (last || due(step, state.eval_steps))) control.should_evaluate = true;
    if (args.save_strategy === "steps" && (last || due(step, state.save_steps)))
      control.should_save = true;
    if (last) control.should_training_stop = true;
  }

  /** @type {Listener} */
  on_epoch_end(args, state, control) {
    if (args.logging_strategy === "epoch") control.should_log = true;
    if (args.eval_strategy === "epoch" && args.eval_delay <= state.epoch)
      control.should_evaluate = true;
    if (args.save_strategy === "epoch") control.should_save = true;
  }
}

/** Prints each log, as Python prints a dictionary. */
export class PrinterCallback extends TrainerCallback {
  /** @type {Listener} */
  on_log(_args, _state, _control, { logs = {} }) {
    const shown = Object.entries(logs).filter(([name]) => name !== "total_flos");
    console.log(
      `{${shown.map(([name, value]) => `'${name}': ${Number(value.toPrecision(6))}`).join(", ")}}`,
    );
  }
}
