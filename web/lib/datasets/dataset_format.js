// What a cell looks like when read: as it is, or as a torch tensor.
import { TunelabError } from "../core/errors.js";
import { tensor } from "../torch/tensor.js";

/** @param {any} value */
const as_is = (value) => value;

/** Numbers and lists of numbers become tensors; text stays text. @param {any} value */
function as_tensor(value) {
  const numeric = typeof value === "number" || typeof value === "boolean";
  return numeric || (Array.isArray(value) && typeof value[0] !== "string") ? tensor(value) : value;
}

/**
 * @param {string | null} type
 * @returns {(value: any) => any}
 */
export function column_formatter(type) {
  if (type === null) return as_is;
  if (type === "torch" || type === "pt") return as_tensor;
  throw new TunelabError(
    `set_format: there is no format ${type}; give "torch", or null for plain values`,
  );
}
