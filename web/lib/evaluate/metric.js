// The `evaluate` package: accuracy and F1 as modules that compute at once or gather batches first.
import { get_core } from "../core/core.js";
import { TunelabError } from "../core/errors.js";

/**
 * @typedef {Iterable<number> | {tolist: () => number[]}} Labels lists, typed arrays or tensors of
 *   class labels
 */
/**
 * @typedef {{average?: "binary" | "macro" | "micro" | "weighted", pos_label?: number}}
 *   MetricOptions
 */
/**
 * @typedef {(predictions: Int32Array, references: Int32Array, options: MetricOptions) =>
 *   Record<string, number>} Computation
 */

/**
 * @param {string} function_name
 * @param {Int32Array} predictions
 * @param {Int32Array} references
 * @param {number[]} [extra]
 */
function core_metric(function_name, predictions, references, extra = []) {
  const core = get_core();
  return core.heap.frame((frame) => {
    const pairs = [frame.i32(predictions), frame.i32(references)];
    const out = frame.alloc(8);
    core.run(function_name, core.context, ...pairs, predictions.length, ...extra, out);
    return core.heap.f64[out >>> 3];
  });
}

/** @type {Computation} */
const accuracy = (predictions, references) => ({
  accuracy: core_metric("tl_metric_accuracy", predictions, references),
});

/** @type {Computation} */
function f1(predictions, references, { average = "binary", pos_label = 1 }) {
  const value = get_core().constants.average[`TL_AVERAGE_${average.toUpperCase()}`];
  if (value === undefined)
    throw new TunelabError(`f1: average must be binary, macro, micro or weighted, not ${average}`);
  return { f1: core_metric("tl_metric_f1", predictions, references, [value, pos_label]) };
}

/** @type {Computation} */
const accuracy_and_f1 = (predictions, references, options) => ({
  ...accuracy(predictions, references, options),
  ...f1(predictions, references, options),
});

/** Metrics by name; GLUE's by task. @type {Record<string, Computation>} */
const METRICS = { accuracy, f1 };

/** @type {Record<string, Computation>} */
const GLUE_TASKS = {
  mrpc: accuracy_and_f1,
  qqp: accuracy_and_f1,
  sst2: accuracy,
  mnli: accuracy,
  mnli_matched: accuracy,
  mnli_mismatched: accuracy,
  qnli: accuracy,
  rte: accuracy,
  wnli: accuracy,
  hans: accuracy,
};

/** @param {any} labels @returns {number[]} */
function numbers(labels) {
  const list = typeof labels?.tolist === "function" ? labels.tolist() : [...labels];
  const odd = list.find((/** @type {unknown} */ label) => !Number.isInteger(label));
  if (odd !== undefined)
    throw new TunelabError(`metric: expected class labels (whole numbers), found ${odd}`);
  return list;
}

/**
 * A metric: `compute({predictions, references})`, or `add_batch` as batches come and then
 * `compute()`.
 */
export class EvaluationModule {
  /** @param {string} name @param {Computation} computation */
  constructor(name, computation) {
    this.name = name;
    this._computation = computation;
    this._clear();
  }

  _clear() {
    /** @type {number[]} */
    this._predictions = [];
    /** @type {number[]} */
    this._references = [];
  }

  /** @param {{predictions: Labels, references: Labels}} batch */
  add_batch({ predictions, references }) {
    const pairs = [numbers(predictions), numbers(references)];
    if (pairs[0].length !== pairs[1].length)
      throw new TunelabError(
        `${this.name}: ${pairs[0].length} predictions but ${pairs[1].length} references; expected as many of each`,
      );
    for (const label of pairs[0]) this._predictions.push(label);
    for (const label of pairs[1]) this._references.push(label);
  }

  /**
   * The metric of all that was added (and of what is given here), by name. What was added is
   * forgotten.
   * @param {Partial<{predictions: Labels, references: Labels}> & MetricOptions} [options]
   * @returns {Record<string, number>}
   */
  compute({ predictions, references, ...options } = {}) {
    if (predictions && references) this.add_batch({ predictions, references });
    if (this._predictions.length === 0)
      throw new TunelabError(`${this.name}: there are no predictions to compare`);
    const pairs = /** @type {const} */ ([
      Int32Array.from(this._predictions),
      Int32Array.from(this._references),
    ]);
    this._clear();
    return this._computation(...pairs, options);
  }
}

/**
 * evaluate.load: "accuracy", "f1", or ("glue", a task).
 * @param {string} path
 * @param {string} [config_name] the GLUE task
 */
export function load(path, config_name) {
  const table = path === "glue" ? GLUE_TASKS : METRICS;
  const name = path === "glue" ? (config_name ?? "") : path;
  const computation = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!computation)
    throw new TunelabError(
      `there is no metric ${path}${config_name ? ` ${config_name}` : ""}; there are ${Object.keys(METRICS).join(", ")}, ` +
        `and glue with one of ${Object.keys(GLUE_TASKS).join(", ")}`,
    );
  return new EvaluationModule(name, computation);
}
