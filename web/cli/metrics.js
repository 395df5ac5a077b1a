// The figures of a classifier: accuracy and F1, as evaluate computes them.
import { evaluate } from "../lib/index.js";

/**
 * compute_metrics for a number of labels: accuracy and F1 (of class 1 if there are two, else the
 * mean over classes); none for regression, whose loss says it all.
 * @param {number} num_labels
 * @returns {((prediction: import("../lib/transformers/trainer_utils.js").EvalPrediction) =>
 *   Record<string, number>) | undefined}
 */
export function metrics_for(num_labels) {
  if (num_labels === 1) return undefined;
  const average = num_labels === 2 ? "binary" : "macro";
  return ({ predictions, label_ids }) => {
    const pairs = { predictions: predictions.argmax(-1), references: label_ids };
    return {
      ...evaluate.load("accuracy").compute(pairs),
      ...evaluate.load("f1").compute({ ...pairs, average }),
    };
  };
}
