// get_scheduler: the learning-rate schedules of transformers, over LambdaLR.
import { get_core } from "../core/core.js";
import { TunelabError } from "../core/errors.js";
import { LambdaLR } from "../torch/lr_scheduler.js";

/**
 * @typedef {(step: number, warmup: number, total: number) => number} Schedule the rate's multiplier
 *   after `step` updates
 */

/** From 0 to 1 over the warm-up. @type {Schedule} */
const warming = (step, warmup) => step / Math.max(1, warmup);

/** @type {Record<string, Schedule>} */
const SCHEDULES = {
  linear: (step, warmup, total) =>
    get_core().call("tl_schedule_linear", BigInt(step), BigInt(warmup), BigInt(total)),
  cosine: (step, warmup, total) => {
    if (step < warmup) return warming(step, warmup, total);
    const progress = (step - warmup) / Math.max(1, total - warmup);
    return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
  },
  constant: () => 1,
  constant_with_warmup: (step, warmup, total) => (step < warmup ? warming(step, warmup, total) : 1),
};

export const SCHEDULER_NAMES = Object.keys(SCHEDULES);

/**
 * A schedule by name: linear, cosine, constant, constant_with_warmup.
 * @param {string} name
 * @param {{optimizer: import("../torch/lr_scheduler.js").Optimizer, num_warmup_steps?: number,
 *   num_training_steps?: number}} options num_warmup_steps default 0; num_training_steps is needed
 *   by linear and cosine
 */
export function get_scheduler(name, { optimizer, num_warmup_steps = 0, num_training_steps }) {
  if (!Object.hasOwn(SCHEDULES, name))
    throw new TunelabError(
      `${name} is not a known scheduler; there are ${SCHEDULER_NAMES.join(", ")}`,
    );
  if (num_training_steps === undefined && !name.startsWith("constant"))
    throw new TunelabError(
      `${name} requires \`num_training_steps\`, please provide that argument.`,
    );
  const total = num_training_steps ?? 0;
  return new LambdaLR(optimizer, (step) => SCHEDULES[name](step, num_warmup_steps, total));
}
