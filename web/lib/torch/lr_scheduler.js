// torch.optim.lr_scheduler.LambdaLR: each group's rate is its first rate times a function of the
// steps done.

/** @typedef {{param_groups: {lr: number, initial_lr?: number}[]}} Optimizer */

export class LambdaLR {
  /**
   * Sets the rate for step 0 at once, as torch does.
   * @param {Optimizer} optimizer
   * @param {(step: number) => number} lr_lambda
   */
  constructor(optimizer, lr_lambda) {
    this.optimizer = optimizer;
    this.lr_lambda = lr_lambda;
    this.last_epoch = 0;
    this.base_lrs = optimizer.param_groups.map((group) => (group.initial_lr ??= group.lr));
    this._set();
  }

  _set() {
    const factor = this.lr_lambda(this.last_epoch);
    this.optimizer.param_groups.forEach((group, i) => (group.lr = this.base_lrs[i] * factor));
  }

  /** To be called after the optimizer's step. */
  step() {
    this.last_epoch += 1;
    this._set();
  }

  /** The rate of each group, as the optimizer has it now. */
  get_last_lr() {
    return this.optimizer.param_groups.map((group) => group.lr);
  }
}
