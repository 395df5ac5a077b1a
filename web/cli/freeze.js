// --freeze: which parts of the encoder keep their weights.
import { TunelabError } from "../lib/index.js";

/** @typedef {import("../lib/transformers/modeling.js").PreTrainedModel} Model */
/** @typedef {import("../lib/torch/module.js").Module} Module */

/** What a list of modules holds, by name. @param {string} name @param {Module} list */
const numbered = (name, list) =>
  list
    .named_children()
    .filter(([child]) => /^\d+$/.test(child))
    .map(([number]) => `${name}.${number}`);

/**
 * The parts that are worth freezing: the encoder's children, and its layers one by one.
 * @param {Module} encoder
 */
function parts_of(encoder) {
  return encoder.named_children().flatMap(([name, part]) => {
    const lists = part
      .named_children()
      .flatMap(([list, layers]) => numbered(`${name}.${list}`, layers));
    return [name, ...numbered(name, part), ...lists];
  });
}

/**
 * Freezes all parameters below the given names (`embeddings`, `encoder.layer.0`, …).
 * @param {Model} model
 * @param {readonly string[]} prefixes names within the base model, whole between dots
 * @throws {TunelabError} for a name that nothing bears, with those that are known
 */
export function freeze(model, prefixes) {
  const encoder = model.base_model;
  for (const prefix of prefixes) {
    const frozen = encoder
      .named_parameters()
      .filter(([name]) => `${name}.`.startsWith(`${prefix}.`));
    if (frozen.length === 0)
      throw new TunelabError(
        `--freeze ${prefix}: the encoder has no such part; it has ${parts_of(encoder).join(", ")}`,
      );
    for (const [, parameter] of frozen) parameter.requires_grad = false;
  }
}
