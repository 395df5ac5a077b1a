// Collators: what puts rows together to a batch of tensors.
import { Callable } from "../core/callable.js";
import { default_collate } from "../torch/data_loader.js";

/** @typedef {import("./tokenizer.js").CallableTokenizer} Tokenizer */
/** @typedef {import("./pad.js").PadOptions} PadOptions */
/** @typedef {Record<string, any>} Row */

/** Labels may be called label or label_ids; models call them labels. @param {Row} batch */
function rename_labels(batch) {
  const { label, label_ids, ...rest } = batch;
  const labels = label_ids ?? label;
  return labels === undefined ? batch : { labels, ...rest };
}

/**
 * Pads each batch to its longest row: dynamic padding. Called with rows, or with columns of rows.
 */
export class DataCollatorWithPadding extends Callable {
  /**
   * @param {Tokenizer | ({tokenizer: Tokenizer} & PadOptions)} options the tokenizer, alone or as
   *   {tokenizer, …}
   */
  constructor(options) {
    super();
    const { tokenizer, ...padding } = "tokenizer" in options ? options : { tokenizer: options };
    this.tokenizer = tokenizer;
    this.padding = /** @type {PadOptions} */ ({ padding: true, return_tensors: "pt", ...padding });
  }

  /** @param {readonly Row[] | Row} features @returns {Row} tensors by name */
  _call(features) {
    return rename_labels(this.tokenizer.pad(features, this.padding));
  }
}

/**
 * Makes tensors of rows that are of one length already; text is left out.
 * @param {readonly Row[]} features
 * @returns {Row}
 */
export function default_data_collator(features) {
  const names = Object.keys(features[0]).filter((name) => typeof features[0][name] !== "string");
  return rename_labels(
    default_collate(
      features.map((row) => Object.fromEntries(names.map((name) => [name, row[name]]))),
    ),
  );
}
