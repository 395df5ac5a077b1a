// Metrics over classes: precision, recall and F1 from counts of hits and misses, and Matthews'
// correlation. Definitions are scikit-learn's; a ratio without a denominator is 0.
import { TunelabError } from "../core/errors.js";

/** @typedef {{hits: number, predicted: number, actual: number}} Counts of one class */
/** @typedef {"binary" | "macro" | "micro" | "weighted" | null} Average null: one figure a class */

/**
 * @param {Int32Array} predictions
 * @param {Int32Array} references
 * @returns {Map<number, Counts>} by class, ascending
 */
function counts_by_class(predictions, references) {
  const classes = [...new Set([...predictions, ...references])].sort((a, b) => a - b);
  const counts = new Map(classes.map((each) => [each, { hits: 0, predicted: 0, actual: 0 }]));
  const of = (/** @type {number} */ label) => /** @type {Counts} */ (counts.get(label));
  predictions.forEach((label, i) => {
    of(label).predicted += 1;
    of(references[i]).actual += 1;
    if (label === references[i]) of(label).hits += 1;
  });
  return counts;
}

/** @param {number} above @param {number} below */
const ratio = (above, below) => (below === 0 ? 0 : above / below);

/** @type {Record<string, (counts: Counts) => number>} */
const RATIOS = {
  precision: ({ hits, predicted }) => ratio(hits, predicted),
  recall: ({ hits, actual }) => ratio(hits, actual),
  f1: ({ hits, predicted, actual }) => ratio(2 * hits, predicted + actual),
};

/**
 * @param {"precision" | "recall" | "f1"} name
 * @param {Int32Array} predictions
 * @param {Int32Array} references
 * @param {{average?: Average, pos_label?: number, labels?: readonly number[]}} options labels: the
 *   classes that count; default all that occur
 * @returns {number | number[]} an array if average is null
 * @throws {TunelabError} for an average that is none
 */
export function class_ratio(
  name,
  predictions,
  references,
  { average = "binary", pos_label = 1, labels },
) {
  const counts = counts_by_class(predictions, references);
  const chosen = (average === "binary" ? [pos_label] : (labels ?? [...counts.keys()])).map(
    (label) => counts.get(label) ?? { hits: 0, predicted: 0, actual: 0 },
  );
  const ratios = chosen.map(RATIOS[name]);
  const sum = (/** @type {number[]} */ values) => values.reduce((all, each) => all + each, 0);
  if (average === null) return ratios;
  if (average === "binary") return ratios[0];
  if (average === "macro") return sum(ratios) / ratios.length;
  if (average === "weighted") {
    const actual = chosen.map((each) => each.actual);
    return ratio(sum(ratios.map((each, i) => each * actual[i])), sum(actual));
  }
  if (average !== "micro")
    throw new TunelabError(
      `${name}: average must be binary, macro, micro, weighted or null, not ${average}`,
    );
  const total = (/** @type {keyof Counts} */ key) => sum(chosen.map((each) => each[key]));
  return RATIOS[name]({
    hits: total("hits"),
    predicted: total("predicted"),
    actual: total("actual"),
  });
}

/**
 * How far predictions and references go together, from -1 to 1; 0 if either is always the same.
 * @param {Int32Array} predictions
 * @param {Int32Array} references
 */
export function matthews_correlation(predictions, references) {
  const n = predictions.length;
  const counts = [...counts_by_class(predictions, references).values()];
  const sum = (/** @type {(counts: Counts) => number} */ of) =>
    counts.reduce((all, each) => all + of(each), 0);
  const together = n * sum(({ hits }) => hits) - sum((each) => each.predicted * each.actual);
  const spread =
    (n * n - sum(({ predicted }) => predicted ** 2)) * (n * n - sum(({ actual }) => actual ** 2));
  return ratio(together, Math.sqrt(spread));
}
