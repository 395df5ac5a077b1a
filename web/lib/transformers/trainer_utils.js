// Small things around the Trainer: seeding, prediction tuples, speed figures, and giving the event
// loop its turn.
import { in_node } from "../core/builds.js";
import { manual_seed } from "../torch/generator.js";

/** @typedef {import("../torch/tensor.js").Tensor} Tensor */

/** Seeds everything random: new heads, shuffling, dropout. @param {number} seed */
export function set_seed(seed) {
  manual_seed(seed);
}

/**
 * What compute_metrics is given: `{predictions, label_ids}`, or `[predictions, label_ids]` when
 * taken apart as a list.
 */
export class EvalPrediction {
  /** @param {Tensor} predictions logits (N, K) @param {Tensor} label_ids (N) */
  constructor(predictions, label_ids) {
    this.predictions = predictions;
    this.label_ids = label_ids;
  }

  *[Symbol.iterator]() {
    yield this.predictions;
    yield this.label_ids;
  }
}

/**
 * What predict gives: `{predictions, label_ids, metrics}`, or a list of the three when taken apart as
 * one.
 */
export class PredictionOutput {
  /**
   * @param {Tensor} predictions logits (N, K)
   * @param {Tensor | null} label_ids (N), null where the rows have no labels
   * @param {Record<string, number>} metrics
   */
  constructor(predictions, label_ids, metrics) {
    this.predictions = predictions;
    this.label_ids = label_ids;
    this.metrics = metrics;
  }

  *[Symbol.iterator]() {
    yield* [this.predictions, this.label_ids, this.metrics];
  }
}

/**
 * Runtime and throughput under a prefix.
 * @param {string} prefix
 * @param {number} start_ms when it began, by performance.now()
 * @param {number} num_samples
 * @param {number} num_steps
 * @returns {Record<string, number>}
 */
export function speed_metrics(prefix, start_ms, num_samples, num_steps) {
  const seconds = (performance.now() - start_ms) / 1000;
  const round = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;
  return {
    [`${prefix}_runtime`]: Math.round(seconds * 10000) / 10000,
    [`${prefix}_samples_per_second`]: round(num_samples / seconds),
    [`${prefix}_steps_per_second`]: round(num_steps / seconds),
  };
}

/** Work goes on for so long before others get a turn. */
const TURN_MS = 100;

/**
 * Lets signals, messages and timers through, now and then, in a loop that would otherwise keep the
 * thread.
 */
export class Breather {
  constructor() {
    this._last = performance.now();
  }

  /** Waits for one turn of the event loop if the last is long enough ago. */
  async breathe() {
    if (performance.now() - this._last < TURN_MS) return;
    await next_turn();
    this._last = performance.now();
  }
}

/** @returns {Promise<void>} */
function next_turn() {
  if (in_node) return new Promise((resolve) => globalThis.setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel(); // a timer would wait longer
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
