// The `evaluate` package: metrics as modules that compute at once or gather batches first.
import { get_core } from "../core/core.js";
import { TunelabError } from "../core/errors.js";
import { class_ratio, matthews_correlation } from "./class_metrics.js";
import { pearson, spearman } from "./correlation.js";

/**
 * @typedef {Iterable<number> | {tolist: () => number[]}} Numbers lists, typed arrays or tensors of
 *   class labels, or of numbers where a metric compares those
 */
/**
 * @typedef {{average?: "binary" | "macro" | "micro" | "weighted" | null, pos_label?: number,
 *   labels?: readonly number[]}} MetricOptions
 */
/** @typedef {Record<string, number | number[]>} Figures */
/**
 * @typedef {object} Computation
 * @property {(predictions: Int32Array, references: Int32Array, options: MetricOptions) => Figures}
 *   [of_labels]
 * @property {(predictions: Float64Array, references: Float64Array) => Figures} [of_numbers]
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
const accuracy = {
  of_labels: (predictions, references) => ({
    accuracy: core_metric("tl_metric_accuracy", predictions, references),
  }),
};

/** @param {"precision" | "recall"} name @returns {Computation} */
const ratio_metric = (name) => ({
  of_labels: (predictions, references, options) => ({
    [name]: class_ratio(name, predictions, references, options),
  }),
});

/** F1 is the core's; over chosen classes, or a class each, it is counted here. @type {Computation} */
const f1 = {
  of_labels: (predictions, references, options) => {
    const { average = "binary", pos_label = 1, labels } = options;
    const value = get_core().constants.average[`TL_AVERAGE_${average?.toUpperCase()}`];
    if (labels || value === undefined)
      return { f1: class_ratio("f1", predictions, references, options) };
    return { f1: core_metric("tl_metric_f1", predictions, references, [value, pos_label]) };
  },
};

/** @type {Computation} */
const matthews = {
  of_labels: (predictions, references) => ({
    matthews_correlation: matthews_correlation(predictions, references),
  }),
};

/** @type {Computation} */
const pearsonr = { of_numbers: (x, y) => ({ pearsonr: pearson(x, y) }) };

/** @type {Computation} */
const spearmanr = { of_numbers: (x, y) => ({ spearmanr: spearman(x, y) }) };

/**
 * Several in one, with settings of their own.
 * @param {[Computation, MetricOptions?][]} parts of labels
 * @returns {Computation}
 */
const together = (...parts) => ({
  of_labels: (predictions, references, options) =>
    Object.assign(
      {},
      ...parts.map(([part, own]) =>
        part.of_labels?.(predictions, references, { ...options, ...own }),
      ),
    ),
});

const accuracy_and_f1 = together([accuracy], [f1]);

/** Metrics by name. @type {Record<string, Computation>} */
const METRICS = {
  accuracy,
  f1,
  precision: ratio_metric("precision"),
  recall: ratio_metric("recall"),
  matthews_correlation: matthews,
  pearsonr,
  spearmanr,
};

/** Benchmarks' metrics by task, as their authors score them. @type {Record<string, Record<string, Computation>>} */
const BENCHMARKS = {
  glue: {
    cola: matthews,
    mrpc: accuracy_and_f1,
    qqp: accuracy_and_f1,
    stsb: { of_numbers: (x, y) => ({ pearson: pearson(x, y), spearmanr: spearman(x, y) }) },
    sst2: accuracy,
    mnli: accuracy,
    mnli_matched: accuracy,
    mnli_mismatched: accuracy,
    qnli: accuracy,
    rte: accuracy,
    wnli: accuracy,
    hans: accuracy,
  },
  super_glue: {
    boolq: accuracy,
    cb: together([accuracy], [f1, { average: "macro" }]),
    copa: accuracy,
    rte: accuracy,
    wic: accuracy,
    wsc: accuracy,
  },
};

/**
 * @param {any} given
 * @param {Computation} computation
 * @returns {number[]}
 */
function numbers(given, { of_labels }) {
  const list = typeof given?.tolist === "function" ? given.tolist() : [...given];
  const fits = of_labels ? Number.isInteger : Number.isFinite;
  const odd = list.find((/** @type {unknown} */ value) => !fits(value));
  if (odd === undefined) return list;
  const expected = of_labels ? "class labels (whole numbers)" : "finite numbers";
  throw new TunelabError(`metric: expected ${expected}, found ${odd}`);
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

  /** @param {{predictions: Numbers, references: Numbers}} batch */
  add_batch({ predictions, references }) {
    const pairs = [predictions, references].map((given) => numbers(given, this._computation));
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
   * @param {Partial<{predictions: Numbers, references: Numbers}> & MetricOptions} [options]
   * @returns {Record<string, any>} numbers; a list with average null
   */
  compute({ predictions, references, ...options } = {}) {
    if (predictions && references) this.add_batch({ predictions, references });
    if (this._predictions.length === 0)
      throw new TunelabError(`${this.name}: there are no predictions to compare`);
    const { of_labels, of_numbers } = this._computation;
    const [x, y] = [this._predictions, this._references];
    this._clear();
    if (of_labels) return of_labels(Int32Array.from(x), Int32Array.from(y), options);
    return of_numbers?.(Float64Array.from(x), Float64Array.from(y)) ?? {};
  }
}

/**
 * evaluate.load: "accuracy", "f1", "precision", "recall", "matthews_correlation", "pearsonr",
 * "spearmanr", or ("glue", a task), ("super_glue", a task).
 * @param {string} path
 * @param {string} [config_name] the benchmark's task
 * @throws {TunelabError} for a metric that is none of these
 */
export function load(path, config_name) {
  const benchmark = Object.hasOwn(BENCHMARKS, path) ? BENCHMARKS[path] : undefined;
  const table = benchmark ?? METRICS;
  const name = benchmark ? (config_name ?? "") : path;
  if (Object.hasOwn(table, name)) return new EvaluationModule(name, table[name]);
  const tasks = Object.entries(BENCHMARKS).map(
    ([each, of]) => `${each} with one of ${Object.keys(of).join(", ")}`,
  );
  throw new TunelabError(
    `there is no metric ${path}${config_name ? ` ${config_name}` : ""}; there are ${Object.keys(METRICS).join(", ")}, and ${tasks.join("; ")}`,
  );
}
