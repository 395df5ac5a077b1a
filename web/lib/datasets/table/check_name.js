// Names that columns and the keys of dicts cannot have.
import { TunelabError } from "../../core/errors.js";

/**
 * @param {string} name of a column, or a key within one
 * @throws {TunelabError} TL_ERR_UNSUPPORTED for names such as __proto__ and constructor: what they name in an object
 *   without them is JavaScript's own, and setting it would change all objects
 */
export function check_name(name) {
  if (name in Object.prototype)
    throw new TunelabError(
      `a column cannot be named ${name}, which every JavaScript object has; rename it in the data`,
      "TL_ERR_UNSUPPORTED",
    );
}
