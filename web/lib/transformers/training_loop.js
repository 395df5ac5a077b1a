// Trainer.train: epochs, accumulation, clipping, updates, and the moments to log, evaluate and
// save.
import { TunelabError } from "../core/errors.js";
import { clip_grad_norm_ } from "../torch/clip_grad.js";
import { load_best_model, note_best } from "./checkpoints.js";
import { require_fits, reserve_batches } from "./memory_plan.js";
import { TrainerState } from "./trainer_callback.js";
import { Breather, speed_metrics } from "./trainer_utils.js";

/** @typedef {import("./trainer.js").Trainer} Trainer */

/** How long training is, from the arguments and the batches there are. */
class Schedule {
  /** @param {import("./training_args.js").Arguments} args @param {number} batches in an epoch */
  constructor(args, batches) {
    this.batches = batches;
    this.accumulation = args.gradient_accumulation_steps;
    this.updates_per_epoch = Math.max(Math.ceil(batches / this.accumulation), 1);
    const by_steps = args.max_steps > 0;
    this.max_steps = by_steps
      ? args.max_steps
      : Math.ceil(args.num_train_epochs * this.updates_per_epoch);
    this.epochs = by_steps
      ? Math.ceil(this.max_steps / this.updates_per_epoch)
      : Math.ceil(args.num_train_epochs);
  }

  /** Whether batch `step` of an epoch (from 0) is the last of an update. @param {number} step */
  is_update(step) {
    return (step + 1) % this.accumulation === 0 || step + 1 === this.batches;
  }

  /**
   * The batches in the update that batch `step` belongs to; fewer at the end of an epoch.
   * @param {number} step
   */
  batches_in_update(step) {
    const first = step - (step % this.accumulation);
    return Math.min(this.accumulation, this.batches - first);
  }
}

/** One call of train(). */
class Run {
  /** @param {Trainer} trainer */
  constructor(trainer) {
    this.trainer = trainer;
    this.dataloader = trainer.get_train_dataloader();
    if (this.dataloader.length === 0)
      throw new TunelabError(
        "Trainer: there is no full training batch; lower per_device_train_batch_size or turn dataloader_drop_last off",
      );
    this.schedule = new Schedule(trainer.args, this.dataloader.length);
    trainer.state = new TrainerState();
    trainer.state.compute_steps(trainer.args, this.schedule.max_steps);
    trainer.state.num_train_epochs = this.schedule.epochs;
    this.optimizer = trainer.create_optimizer();
    this.lr_scheduler = trainer.create_scheduler(this.schedule.max_steps);
    this.parameters = trainer.model.parameters();
    this.breather = new Breather();
    // The loss since the last log, and before it; the step of that log.
    this.loss = 0;
    this.logged_loss = 0;
    this.logged_step = 0;
    this.grad_norm = 0;
    this.learning_rate = 0;
  }

  /**
   * Forward and backward of one batch.
   * @param {any} inputs
   * @param {number} step in the epoch
   */
  training_step(inputs, step) {
    const { model, loss_is_scaled_for_ga, state } = this.trainer;
    model.train();
    const { loss } = model(inputs);
    if (!loss)
      throw new TunelabError(
        "The model did not return a loss: the training dataset has no label column",
      );
    if (!Number.isFinite(loss.item())) throw this._diverged(`the loss is ${loss.item()}`);
    const scaled =
      loss_is_scaled_for_ga === false ? loss.div(this.schedule.batches_in_update(step)) : loss;
    scaled.backward();
    this.loss += scaled.item();
    state.total_flos += model.floating_point_ops();
  }

  /** One update. */
  update() {
    const { trainer, optimizer } = this;
    const { args, state } = trainer;
    this.grad_norm = this._clip(args.max_grad_norm > 0 ? args.max_grad_norm : Infinity);
    trainer.call_event("on_pre_optimizer_step");
    optimizer.step();
    trainer.call_event("on_optimizer_step");
    this.learning_rate = this.lr_scheduler.get_last_lr()[0];
    this.lr_scheduler.step();
    optimizer.zero_grad();
    state.global_step += 1;
  }

  /** @param {number} max_norm */
  _clip(max_norm) {
    try {
      return clip_grad_norm_(this.parameters, max_norm).item();
    } catch (error) {
      if (error instanceof TunelabError && error.status === "TL_ERR_NUMERIC")
        throw this._diverged(error.message);
      throw error;
    }
  }

  /** @param {string} what was found */
  _diverged(what) {
    const step = this.trainer.state.global_step + 1;
    const rate = this.lr_scheduler.get_last_lr()[0];
    return new TunelabError(
      `training diverged at step ${step} (learning rate ${rate}): ${what}; nothing was saved since. ` +
        "Try a learning_rate ten times lower, or warmup_steps",
      "TL_ERR_NUMERIC",
    );
  }

  /** Logs, evaluates and saves what is switched on. */
  async act_on_control() {
    const { trainer } = this;
    const { control, state, args } = trainer;
    if (control.should_log && state.global_step > this.logged_step) this._log();
    if (control.should_evaluate) {
      const better = note_best(trainer, await trainer.evaluate());
      if (args.save_strategy === "best") control.should_save = better;
    }
    if (control.should_save) {
      await trainer.save_checkpoint();
      trainer.call_event("on_save");
    }
  }

  _log() {
    const { trainer, loss, grad_norm, learning_rate } = this;
    const steps = trainer.state.global_step - this.logged_step;
    this.logged_loss += loss;
    this.loss = 0;
    this.logged_step = trainer.state.global_step;
    trainer.log({ loss: loss / steps, grad_norm, learning_rate });
  }

  /** @param {number} epoch */
  async epoch(epoch) {
    const { trainer, schedule } = this;
    const { control, state } = trainer;
    const { sampler } = this.dataloader;
    if ("set_epoch" in sampler) /** @type {any} */ (sampler).set_epoch(epoch);
    control.new_epoch();
    trainer.call_event("on_epoch_begin");
    let step = 0;
    for (const inputs of this.dataloader) {
      if (step % schedule.accumulation === 0) {
        control.new_step();
        trainer.call_event("on_step_begin");
      }
      this.training_step(inputs, step);
      if (schedule.is_update(step)) {
        this.update();
        state.epoch = epoch + (step + 1) / schedule.batches;
        trainer.call_event("on_step_end");
        await this.act_on_control();
      } else {
        trainer.call_event("on_substep_end");
      }
      await this.breather.breathe();
      if (control.should_epoch_stop || control.should_training_stop) break;
      step += 1;
    }
    control.new_step();
    trainer.call_event("on_epoch_end");
    await this.act_on_control();
  }

  /** @param {number} start performance.now() at the beginning */
  async finish(start) {
    const { trainer, schedule } = this;
    const { state, args } = trainer;
    const training_loss = (this.logged_loss + this.loss) / Math.max(state.global_step, 1);
    const rows = /** @type {any} */ (trainer.train_dataset).length;
    const samples =
      args.max_steps > 0
        ? args.max_steps * args.per_device_train_batch_size * args.gradient_accumulation_steps
        : rows * args.num_train_epochs;
    const metrics = {
      ...speed_metrics(
        "train",
        start,
        (samples * state.global_step) / schedule.max_steps,
        state.global_step,
      ),
      total_flos: state.total_flos,
      train_loss: training_loss,
    };
    trainer.log(metrics);
    if (args.load_best_model_at_end) await load_best_model(trainer);
    trainer.call_event("on_train_end");
    return {
      global_step: state.global_step,
      training_loss,
      metrics: { ...metrics, epoch: state.epoch },
    };
  }
}

/**
 * @param {Trainer} trainer
 * @returns {Promise<{global_step: number, training_loss: number, metrics: Record<string, number>}>}
 */
export async function training_loop(trainer) {
  trainer.lr_scheduler = trainer._given_scheduler;
  const plan = trainer.memory_plan();
  require_fits(trainer.model, plan);
  const run = new Run(trainer);
  const { control, args } = trainer;
  const start = performance.now();
  control.new_training();
  reserve_batches(trainer.model, plan);
  run.optimizer.zero_grad();
  trainer.call_event("on_train_begin", { train_dataloader: run.dataloader });
  if (args.eval_on_start) await trainer.evaluate();
  for (let epoch = 0; epoch < run.schedule.epochs && !control.should_training_stop; ++epoch)
    await run.epoch(epoch);
  return run.finish(start);
}
