// Well-known datasets: their columns, splits and metrics stand in for options that were not given.
import { task_settings, TunelabError } from "../lib/index.js";
import { asked_splits } from "./choose_rows.js";

/** @typedef {import("./task_data.js").Splits} Splits */
/** @typedef {import("./parse_options.js").Options} Options */
/** @typedef {import("../lib/datasets/tasks/task_settings.js").TaskSettings} TaskSettings */

/**
 * The dataset's settings, if it has the columns that they tell of: a folder may bear the name of a
 * well-known dataset by chance.
 * @param {Splits} splits
 * @param {Options} options
 * @returns {TaskSettings | undefined}
 */
function fitting_settings(splits, options) {
  const settings =
    options.dataset === undefined
      ? undefined
      : task_settings(options.dataset, options["dataset-config"]);
  const [first] = Object.values(splits);
  if (!settings || !first) return undefined;
  const texts = settings.add_texts ? [] : settings.text_columns;
  const names = [...texts, settings.label_column];
  return names.every((name) => first.column_names.includes(name)) ? settings : undefined;
}

/**
 * @param {Splits} splits
 * @param {(split: import("../lib/index.js").Dataset) => Promise<any>} work
 * @returns {Promise<Splits>}
 */
async function each_split(splits, work) {
  /** @type {Splits} */
  const made = {};
  for (const [name, split] of Object.entries(splits)) made[name] = await work(split);
  return made;
}

/**
 * The splits that have labels, and as `validation` the one to evaluate on while training.
 * @param {Splits} splits
 * @param {TaskSettings} settings
 * @param {readonly string[]} asked the splits that options name
 */
function splits_with_labels(splits, { hidden_labels, evaluation }, asked) {
  const hidden = asked.find((name) => hidden_labels.includes(name));
  if (hidden !== undefined)
    throw new TunelabError(
      `the labels of the split ${hidden} are withheld; choose another --split, or tunelab predict`,
    );
  const shown = Object.entries(splits).filter(([name]) => !hidden_labels.includes(name));
  const made = Object.fromEntries(shown);
  const usual = made[evaluation[0]];
  return made.validation || evaluation[0] === "test" || !usual
    ? made
    : { ...made, validation: usual };
}

/**
 * @param {Splits} splits as loaded
 * @param {Options} options
 * @param {{labels: boolean}} needs whether rows without labels are of no use
 * @returns {Promise<{splits: Splits, options: Options, metrics?: TaskSettings["metrics"]}>} options
 *   with the columns' names; metrics where the dataset has its own
 */
export async function with_known_task(splits, options, needs) {
  const settings = fitting_settings(splits, options);
  if (!settings) return { splits, options };
  const { add_texts, text_columns, label_column, metrics } = settings;
  const own_texts = options["text-columns"] === undefined;
  const own_label = [undefined, label_column].includes(options["label-column"]);
  const labelled = needs.labels
    ? splits_with_labels(splits, settings, asked_splits(options))
    : splits;
  return {
    splits:
      add_texts && own_texts
        ? await each_split(labelled, (split) => split.map(add_texts))
        : labelled,
    options: {
      ...options,
      ...(own_texts && { "text-columns": [...text_columns] }),
      ...(own_label && { "label-column": label_column }),
    },
    ...(own_label && { metrics }),
  };
}
