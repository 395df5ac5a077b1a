// Does what the page asked for: a step's time, products' speed, or the check of all steps.
import { measure, measure_products } from "../timing.js";
import { check } from "./check.js";
import { first_weights, make_batch } from "./job.js";
import { start, tf } from "./library.js";
import * as heap from "./operations/heap.js";
import * as library from "./operations/public.js";
import { Plain } from "./plain.js";
import { Tuned } from "./tuned.js";

/** @typedef {import("./library.js").Tensor} Tensor */

/** @typedef {import("./job.js").Sizes} Sizes */

/** @type {Record<string, (sizes: Sizes) => {step: (batch: import("./job.js").Batch) => number, dispose: () => void}>} */
const STEPS = {
  plain: (sizes) => new Plain(sizes, first_weights(sizes)),
  tuned: (sizes) => new Tuned(sizes, first_weights(sizes), library),
  rewritten: (sizes) => new Tuned(sizes, first_weights(sizes), heap),
};

/**
 * @typedef {object} Job see README.md
 * @property {string} what
 * @property {number} [threads]
 * @property {number} [steps]
 * @property {Omit<Sizes, "V" | "P">} encoder of a step
 * @property {import("../timing.js").Shape[]} shapes of products
 */

/**
 * @param {Job} job
 * @param {(figure: object) => void} report
 */
export async function run({ what, threads = 2, steps = 5, encoder, shapes }, report) {
  await start(threads);
  switch (what) {
    case "check":
      report({ kind: "check", ...check() });
      break;
    case "products":
      await measure_products(shapes, steps, make_matrix, multiply, report);
      break;
    default:
      if (!STEPS[what])
        throw new Error(
          `what: "${what}" is not one of ${Object.keys(STEPS).join(", ")}, products, check`,
        );
      report(await time_step(what, { ...encoder, V: 30522, P: 512 }, steps));
  }
  if (tf.memory().numTensors !== 0) throw new Error(`${tf.memory().numTensors} tensors are left`);
}

/** @param {number} rows @param {number} columns */
const make_matrix = (rows, columns) => tf.randomUniform([rows, columns], -1, 1);

/**
 * The same w each time: it is packed once, so that XNNPACK's product alone counts.
 *
 * @param {Tensor} x
 * @param {Tensor} w
 */
const multiply = (x, w) => tf.matMul(x, w).dispose();

/**
 * @param {string} what one of STEPS
 * @param {Sizes} sizes
 * @param {number} steps
 */
async function time_step(what, sizes, steps) {
  const batch = make_batch(sizes);
  const trained = STEPS[what](sizes);
  /** @type {number[]} */
  const losses = [];
  const timing = await measure(steps, () => losses.push(trained.step(batch)));
  trained.dispose();
  return { kind: "step", what, loss: [losses[0], losses[losses.length - 1]], ...timing };
}
