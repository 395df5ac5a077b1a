// Shows a Trainer's progress on the terminal, as a callback.
import { TrainerCallback } from "../lib/index.js";
import { short_list } from "./terminal.js";

/** @typedef {import("./terminal.js").Terminal} Terminal */
/** @typedef {import("../lib/transformers/trainer_callback.js").Listener} Listener */

/** Figures of speed that would only clutter a line. */
const CLUTTER = /runtime|per_second|flos/;

export class TrainingDisplay extends TrainerCallback {
  /** @param {Terminal} terminal */
  constructor(terminal) {
    super();
    this._terminal = terminal;
    this._start = 0;
    /** @type {number | undefined} */
    this._loss = undefined;
    this._evaluated = 0;
  }

  /** @type {Listener} */
  on_train_begin() {
    this._start = performance.now();
  }

  /** @type {Listener} */
  on_step_end(_args, state) {
    const rate = (state.global_step * 1000) / (performance.now() - this._start);
    const progress = { done: state.global_step, total: state.max_steps, rate, loss: this._loss };
    this._terminal.progress({ label: "training", ...progress });
    this._evaluated = 0;
  }

  /** @type {Listener} */
  on_prediction_step(_args, _state, _control, { eval_dataloader }) {
    this._evaluated += 1;
    this._terminal.progress({
      label: "evaluating",
      done: this._evaluated,
      total: eval_dataloader.length,
      rate: 0,
    });
  }

  /** @type {Listener} */
  on_log(_args, state, _control, { logs = {} }) {
    const { epoch, ...rest } = logs;
    if ("train_loss" in rest) return; // said at the end
    this._loss = rest.loss ?? this._loss;
    this._evaluated = 0;
    const shown = Object.fromEntries(Object.entries(rest).filter(([name]) => !CLUTTER.test(name)));
    this._terminal.note(
      `step ${state.global_step}/${state.max_steps}  epoch ${epoch.toFixed(2)}  ${short_list(shown)}`,
    );
  }

  /** @type {Listener} */
  on_train_end() {
    this._terminal.done();
  }
}
