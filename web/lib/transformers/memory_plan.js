// What memory a Trainer's job needs, told before it runs; a job that cannot fit is refused with the figure.
import { TunelabError } from "../core/errors.js";
import { token_counts } from "./row_lengths.js";

/** @typedef {import("./trainer.js").Trainer} Trainer */
/** @typedef {import("../torch/data_loader.js").MapDataset} MapDataset */

/**
 * The largest batch there can be: rows, tokens in all, tokens of the longest row.
 * @typedef {{rows: number, tokens: number, longest: number}} BatchSize
 */

/**
 * Bytes: `parameter_bytes` for weights, gradients and the optimizer's moments, `activation_bytes` for the
 * largest batch of training or evaluation, whichever needs more (they take turns in one block).
 * @typedef {object} MemoryPlan
 * @property {number} bytes both together
 * @property {number} parameter_bytes
 * @property {number} activation_bytes
 * @property {BatchSize} train_batch
 * @property {BatchSize | null} eval_batch null without an eval_dataset
 */

/** @param {readonly number[]} lengths @returns {BatchSize} */
function size_of(lengths) {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return { rows: lengths.length, tokens, longest };
}

/**
 * In an order that is not known, the longest rows may come together.
 * @param {MapDataset} dataset
 * @param {number} batch_size
 */
function largest_shuffled(dataset, batch_size) {
  const lengths = token_counts(dataset).sort((a, b) => b - a);
  return size_of(lengths.slice(0, batch_size));
}

/**
 * In the rows' own order: the most rows and tokens of any batch.
 * @param {MapDataset} dataset
 * @param {number} batch_size
 * @returns {BatchSize}
 */
function largest_in_order(dataset, batch_size) {
  const lengths = token_counts(dataset);
  const most = { rows: 0, tokens: 0, longest: 0 };
  for (let row = 0; row < lengths.length; row += batch_size) {
    const { rows, tokens, longest } = size_of(lengths.slice(row, row + batch_size));
    most.rows = Math.max(most.rows, rows);
    most.tokens = Math.max(most.tokens, tokens);
    most.longest = Math.max(most.longest, longest);
  }
  return most;
}

/**
 * @param {Trainer} trainer with a training dataset
 * @returns {MemoryPlan}
 */
export function memory_plan({ model, args, train_dataset, eval_dataset }) {
  const train_batch = largest_shuffled(
    /** @type {MapDataset} */ (train_dataset),
    args.per_device_train_batch_size,
  );
  const eval_batch = eval_dataset
    ? largest_in_order(eval_dataset, args.per_device_eval_batch_size)
    : null;
  const { rows, tokens, longest } = train_batch;
  const training = model.activation_bytes(rows, tokens, longest);
  const evaluation = eval_batch
    ? model.activation_bytes(eval_batch.rows, eval_batch.tokens, eval_batch.longest, {
        training: false,
      })
    : 0;
  const parameter_bytes = model.plan_bytes(rows, tokens, longest) - training;
  const activation_bytes = Math.max(training, evaluation);
  const bytes = parameter_bytes + activation_bytes;
  return { bytes, parameter_bytes, activation_bytes, train_batch, eval_batch };
}

/** @param {number} bytes */
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`;

/**
 * Refuses a job that WebAssembly could never hold.
 * @param {import("./modeling.js").PreTrainedModel} model
 * @param {MemoryPlan} plan
 */
export function require_fits(model, { bytes, parameter_bytes, activation_bytes, train_batch }) {
  const limit = model.memory_limit;
  if (bytes <= limit) return;
  const checkpointing = model.is_activation_checkpointing
    ? ""
    : ", or set activation_checkpointing";
  throw new TunelabError(
    `training needs ${gigabytes(bytes)} of memory (${gigabytes(parameter_bytes)} for weights, gradients and ` +
      `moments, ${gigabytes(activation_bytes)} for batches of up to ${train_batch.rows} rows with ${train_batch.tokens} tokens), ` +
      `but WebAssembly can address ${gigabytes(limit)}; lower per_device_train_batch_size or max_length${checkpointing}`,
    "TL_ERR_MEMORY",
  );
}

/**
 * Takes the memory of such batches, so that no step takes any. Rows without tokens are left to the step that meets
 * them: it names the row.
 * @param {BatchSize} batch
 * @param {import("./modeling.js").PreTrainedModel} model
 * @param {{training: boolean}} options
 */
function reserve({ rows, tokens, longest }, model, options) {
  if (rows > 0 && tokens >= rows) model.reserve(rows, tokens, longest, options);
}

/**
 * The activations' memory of a training job: evaluation's and training's, which share it.
 * @param {import("./modeling.js").PreTrainedModel} model
 * @param {MemoryPlan} plan
 */
export function reserve_batches(model, { train_batch, eval_batch }) {
  if (eval_batch) reserve(eval_batch, model, { training: false });
  reserve(train_batch, model, { training: true });
}

/**
 * The activations' memory of one pass over a dataset in its own order.
 * @param {import("./modeling.js").PreTrainedModel} model
 * @param {import("../torch/data_loader.js").DataLoader} dataloader
 */
export function reserve_evaluation(model, { dataset, batch_size }) {
  reserve(largest_in_order(dataset, batch_size), model, { training: false });
}
