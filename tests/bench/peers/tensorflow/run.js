// Does what the page asked for: a step's time (plain or tuned), the products' speed, or the check of both steps.
import { measure, measure_products } from "../timing.js";
import { check } from "./check.js";
import { first_weights, make_batch, sizes_of } from "./job.js";
import { start, tf } from "./library.js";
import { Plain } from "./plain.js";
import { Tuned } from "./tuned.js";

/**
 * @param {{what: string, model?: string, threads?: number, steps?: number}} job see README.md
 * @param {(figure: object) => void} report
 */
export async function run({ what, model = "", threads = 2, steps = 5 }, report) {
  await start(threads);
  switch (what) {
    case "check":
      report({ kind: "check", peer: "TensorFlow.js", ...check() });
      break;
    case "products":
      await measure_products("TensorFlow.js", threads, steps, make_product, report);
      break;
    case "plain":
    case "tuned":
      report(await time_step(what, model, threads, steps));
      break;
    default:
      throw new Error(`what: "${what}" is not one of plain, tuned, products, check`);
  }
  if (tf.memory().numTensors !== 0) throw new Error(`${tf.memory().numTensors} tensors are left`);
}

/**
 * @param {"plain" | "tuned"} what
 * @param {string} model
 * @param {number} threads
 * @param {number} steps
 */
async function time_step(what, model, threads, steps) {
  const sizes = sizes_of(model);
  const batch = make_batch(sizes);
  const trained = new { plain: Plain, tuned: Tuned }[what](sizes, first_weights(sizes));
  /** @type {number[]} */
  const losses = [];
  const timing = await measure(steps, () => losses.push(trained.step(batch)));
  trained.dispose();
  const loss = [losses[0], losses[losses.length - 1]];
  return { kind: "step", peer: `TensorFlow.js, ${what}`, name: model, threads, loss, ...timing };
}

/**
 * XNNPACK's product, as tf.matMul calls it; the same W each time, which is packed once, so that the product alone counts.
 *
 * @param {number} M
 * @param {number} N
 * @param {number} K
 */
function make_product(M, N, K) {
  const x = tf.randomUniform([M, K], -1, 1);
  const w = tf.randomUniform([K, N], -1, 1);
  return { work: () => tf.matMul(x, w).dispose(), end: () => tf.dispose([x, w]) };
}
