// Ctrl-C: the first asks for a clean end after the step, the second ends at once.
import { TrainerCallback } from "../lib/index.js";

export const EXIT_INTERRUPTED = 130;

export class InterruptCallback extends TrainerCallback {
  /** @param {import("./terminal.js").Terminal} terminal */
  constructor(terminal) {
    super();
    this.interrupted = false;
    this._on_signal = () => {
      if (this.interrupted) process.exit(EXIT_INTERRUPTED);
      this.interrupted = true;
      terminal.note("stopping after this step; press Ctrl-C again to stop at once");
    };
    process.on("SIGINT", this._on_signal);
    process.on("SIGTERM", this._on_signal);
  }

  /** @type {import("../lib/transformers/trainer_callback.js").Listener} */
  on_step_end(_args, _state, control) {
    if (!this.interrupted) return;
    control.should_training_stop = true;
    control.should_evaluate = false;
    control.should_save = false;
  }

  /** Signals do again what they do by default. */
  release() {
    process.off("SIGINT", this._on_signal);
    process.off("SIGTERM", this._on_signal);
  }
}
