// Which columns of a dataset hold the texts and the labels: as asked for, as its settings say, or as
// its types show.
import { TunelabError } from "../../core/errors.js";
import { did_you_mean } from "../../core/near_names.js";
import { ClassLabel, is_text } from "../features.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("./task_settings.js").TaskSettings} TaskSettings */

/** What columns of labels are usually called. */
const LABEL_NAMES = ["label", "labels", "target", "class"];

/** The columns with their types, for messages. @param {Features} features */
const listed = (features) =>
  Object.entries(features)
    .map(
      ([name, feature]) =>
        `${name} (${feature instanceof ClassLabel ? "ClassLabel" : feature.dtype})`,
    )
    .join(", ");

/** @param {Features} features @param {string} name */
function require_column(features, name) {
  if (!Object.hasOwn(features, name))
    throw new TunelabError(
      `there is no column ${name}; the columns are ${listed(features)}${did_you_mean(name, Object.keys(features))}`,
    );
}

/**
 * @param {Features} features
 * @param {{label_column?: string, settings?: TaskSettings}} [choice]
 * @returns {string} the column asked for, else the settings', else one of the usual name, else the
 *   only ClassLabel
 * @throws {TunelabError} if there is no such column, or no way to tell; lists the columns
 */
export function choose_label_column(features, { label_column, settings } = {}) {
  const named = label_column ?? settings?.label_column;
  if (named !== undefined) require_column(features, named);
  const usual = LABEL_NAMES.find((name) => Object.hasOwn(features, name));
  const classes = Object.keys(features).filter((name) => features[name] instanceof ClassLabel);
  const chosen = named ?? usual ?? (classes.length === 1 ? classes[0] : undefined);
  if (chosen !== undefined) return chosen;
  throw new TunelabError(
    `the column with the labels must be named; the columns are ${listed(features)}`,
  );
}

/**
 * @param {Features} features
 * @param {{text_columns?: readonly string[], label_column?: string, settings?: TaskSettings}}
 *   [choice]
 * @returns {string[]} one column or two: those asked for, else the settings', else the only one or
 *   two with text beside the labels'
 * @throws {TunelabError} if there is no such column, or no way to tell; lists the columns
 */
export function choose_text_columns(features, { text_columns, label_column, settings } = {}) {
  const named = text_columns ?? settings?.text_columns;
  const with_text = Object.keys(features).filter(
    (name) => is_text(features[name]) && name !== label_column,
  );
  const chosen = [...(named ?? with_text)];
  if (chosen.length < 1 || chosen.length > 2)
    throw new TunelabError(
      `one column with text, or two for pairs, must be named; the columns are ${listed(features)}`,
    );
  for (const name of chosen) require_column(features, name);
  return chosen;
}
