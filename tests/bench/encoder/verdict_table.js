// What several seeds gave, as Markdown: the mean, the standard deviation, the lowest and the highest.
import { percent } from "../report/format.js";
import { table_text } from "../report/markdown.js";
import { mean_of, standard_deviation } from "../report/statistics.js";

/** @typedef {import("./evaluate.js").Verdict} Verdict */

const HEAD = ["task", "encoder", "accuracy: mean ± deviation", "lowest–highest", "F1: mean"];

/** @param {Verdict[]} verdicts in the order of the rows @returns {string} */
export const verdict_table = (verdicts) =>
  table_text(
    [...HEAD, "seeds", "learning rate"],
    verdicts.map(({ task, encoder, rate, outcomes }) => {
      const accuracies = outcomes.map(({ accuracy }) => accuracy);
      const f1s = outcomes.flatMap(({ f1 }) => (f1 === undefined ? [] : [f1]));
      const points = (100 * standard_deviation(accuracies)).toFixed(1);
      return [
        task,
        encoder,
        accuracies.length > 1
          ? `${percent(mean_of(accuracies))} ± ${points}`
          : percent(accuracies[0]),
        `${percent(Math.min(...accuracies))}–${percent(Math.max(...accuracies))}`,
        f1s.length > 0 ? percent(mean_of(f1s)) : "–",
        outcomes.length,
        rate.toExponential(),
      ];
    }),
  );
