// Padding: the one place where rows of different lengths become rectangles.
import { TunelabError } from "../core/errors.js";
import { Tensor, tensor } from "../torch/tensor.js";

/** @typedef {Record<string, any>} Row */

/**
 * @typedef {object} PadOptions
 * @property {boolean | "longest" | "max_length" | "do_not_pad"} [padding] default true: to the
 *   longest row
 * @property {number} [max_length] for "max_length"
 * @property {number} [pad_to_multiple_of]
 * @property {"pt"} [return_tensors] tensors instead of lists
 */

/** @param {any} value */
const plain = (value) => (value instanceof Tensor ? value.tolist() : value);

/** Rows as columns. @param {readonly Row[]} rows @returns {Record<string, any[]>} */
function columns_of(rows) {
  return Object.fromEntries(Object.keys(rows[0]).map((key) => [key, rows.map((row) => row[key])]));
}

/**
 * @param {number} longest
 * @param {PadOptions} options
 */
function padded_width(longest, { padding = true, max_length, pad_to_multiple_of }) {
  if (padding === false || padding === "do_not_pad") return undefined;
  if (padding === "max_length" && max_length === undefined)
    throw new TunelabError(
      "padding 'max_length' needs max_length: the tokenizer names no longest input",
    );
  const width = padding === "max_length" ? Math.max(Number(max_length), longest) : longest;
  return pad_to_multiple_of ? Math.ceil(width / pad_to_multiple_of) * pad_to_multiple_of : width;
}

/**
 * @param {number[][]} rows
 * @param {number | undefined} width
 * @param {number} value
 */
function pad_rows(rows, width, value) {
  if (width === undefined) return rows;
  return rows.map((row) =>
    row.length === width ? row : [...row, ...Array(width - row.length).fill(value)],
  );
}

/**
 * Why a column is no tensor, and what to do about it.
 * @param {string} name
 * @param {any[]} values
 */
function problem_of(name, values) {
  if (values.some((value) => value === null || value === undefined))
    return `column ${name} has no value in some rows; leave those out (dataset.filter)`;
  if (values.every((value) => typeof value === "string"))
    return /^labels?$/.test(name)
      ? `column ${name} holds text; dataset.class_encode_column("${name}") makes it numbers`
      : `column ${name} holds text; remove it (remove_columns)`;
  return `column ${name} holds text or rows of different lengths; pad it, or remove the column (remove_columns)`;
}

/**
 * A column as a tensor.
 * @param {string} name
 * @param {any[]} values
 */
function column_tensor(name, values) {
  try {
    return tensor(values);
  } catch (error) {
    const problem = `Unable to create tensor: ${problem_of(name, values)}`;
    throw new TunelabError(problem, "TL_ERR_ARGUMENT", error);
  }
}

/**
 * Pads a batch: input_ids, attention_mask (made if the model reads one) and token_type_ids to one width, other
 * columns as they are.
 * @param {readonly Row[] | Row} features rows, or columns of rows; lists or tensors
 * @param {{pad_token_id: number | null, pad_token_type_id: number, model_input_names: string[]}} tokenizer
 * @param {PadOptions} options
 * @returns {Record<string, any>} columns
 */
export function pad_batch(features, tokenizer, options) {
  const given = Array.isArray(features) ? columns_of(features) : /** @type {Row} */ (features);
  if (!given.input_ids)
    throw new TunelabError(
      "You should supply an encoding or a list of encodings to this method that includes input_ids, " +
        `but you provided ${Object.keys(given).join(", ")}`,
    );
  const as_tensors = options.return_tensors === "pt";
  const columns = Object.fromEntries(
    Object.entries(given).map(([name, values]) => [name, [...values].map(plain)]),
  );
  const lengths = columns.input_ids.map((ids) => ids.length);
  const width = padded_width(Math.max(0, ...lengths), options);
  if (
    width !== undefined &&
    tokenizer.pad_token_id === null &&
    lengths.some((length) => length < width)
  )
    throw new TunelabError("Asking to pad but the tokenizer does not have a padding token");
  if (tokenizer.model_input_names.includes("attention_mask"))
    columns.attention_mask ??= columns.input_ids.map((ids) => Array(ids.length).fill(1));
  const padding = {
    input_ids: tokenizer.pad_token_id ?? 0,
    attention_mask: 0,
    token_type_ids: tokenizer.pad_token_type_id,
  };
  for (const [name, value] of Object.entries(padding))
    if (columns[name]) columns[name] = pad_rows(columns[name], width, value);
  if (!as_tensors) return columns;
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, column_tensor(name, values)]),
  );
}
