// The figures of a classifier, as evaluate computes them.
import { evaluate } from "../lib/index.js";

/** @typedef {import("../lib/transformers/trainer_utils.js").EvalPrediction} EvalPrediction */
/** @typedef {import("../lib/datasets/tasks/task_settings.js").MetricCall} MetricCall */

/**
 * Accuracy and F1 (of class 1 if there are two, else the mean over classes); none for regression, whose
 * loss says it all.
 * @param {number} num_labels
 * @returns {MetricCall[]}
 */
function usual_metrics(num_labels) {
  if (num_labels === 1) return [];
  const average = num_labels === 2 ? "binary" : "macro";
  return [{ path: "accuracy" }, { path: "f1", options: { average } }];
}

/**
 * compute_metrics for a number of labels.
 * @param {number} num_labels
 * @param {readonly MetricCall[]} [metrics] a well-known dataset's own; default: the usual ones
 * @returns {((prediction: EvalPrediction) => Record<string, number>) | undefined}
 */
export function metrics_for(num_labels, metrics = usual_metrics(num_labels)) {
  if (metrics.length === 0) return undefined;
  return ({ predictions, label_ids }) => {
    const answers = num_labels === 1 ? predictions.tolist().flat() : predictions.argmax(-1);
    const pairs = { predictions: answers, references: label_ids };
    const figures = metrics.map(({ path, config_name, options }) =>
      evaluate.load(path, config_name).compute({ ...pairs, ...options }),
    );
    return Object.assign({}, ...figures);
  };
}
