// A batch of tensors into the core's batch: padded ids packed end to end, and labels as the model's
// problem wants them.
import { TunelabError } from "../core/errors.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("../torch/tensor.js").Tensor} Tensor */
/** @typedef {import("./config.js").PretrainedConfig} Config */
/** @typedef {Record<string, Tensor>} Batch input_ids, attention_mask?, token_type_ids?, labels? */

/** @param {string} name @param {Tensor | undefined} given @param {readonly number[]} [shape] */
function check_ids(name, given, shape) {
  if (!given?.data || given.dtype !== "int32" || given.shape.length !== 2)
    throw new TunelabError(
      `model: ${name} must be an int32 tensor of shape (batch, tokens)` +
        (given
          ? `, not ${given.dtype ?? typeof given} [${given.shape ?? ""}]; pass return_tensors: "pt" to the tokenizer`
          : ""),
    );
  if (shape && shape.join() !== given.shape.join())
    throw new TunelabError(
      `model: ${name} is of shape [${given.shape}] where input_ids is of [${shape}]`,
    );
  return given;
}

/**
 * @param {Handle} batch a tl_batch
 * @param {Batch} inputs
 */
export function pack_inputs(batch, { input_ids, attention_mask, token_type_ids }) {
  const { core, pointer } = batch;
  const ids = check_ids("input_ids", input_ids);
  core.heap.frame((frame) => {
    const masked = attention_mask
      ? frame.i32(check_ids("attention_mask", attention_mask, ids.shape).data)
      : 0;
    const typed = token_type_ids
      ? frame.i32(check_ids("token_type_ids", token_type_ids, ids.shape).data)
      : 0;
    core.run(
      "tl_batch_pack",
      pointer,
      ids.shape[0],
      ids.shape[1],
      frame.i32(ids.data),
      masked,
      typed,
    );
  });
}

/**
 * The kind of loss, chosen at the first labels as transformers chooses it, and kept in the config.
 * @param {Config} config
 * @param {Tensor} labels
 */
function problem_type(config, labels) {
  if (config.num_labels === 1) config.problem_type ??= "regression";
  const classes = labels.dtype === "int32" && labels.shape.length === 1;
  config.problem_type ??= classes ? "single_label_classification" : "multi_label_classification";
  return config.problem_type;
}

/**
 * Adds labels to a packed batch. Whole numbers serve as targets too: JavaScript does not tell 1
 * from 1.0.
 * @param {Handle} batch
 * @param {Tensor} labels
 * @param {Config} config
 */
export function pack_labels(batch, labels, config) {
  const { core, pointer } = batch;
  const [rows] = labels.shape;
  if (problem_type(config, labels) !== "single_label_classification") {
    const width = labels.data.length / rows;
    core.heap.frame((frame) =>
      core.run("tl_batch_set_targets", pointer, frame.f32(labels.data), rows, width),
    );
    return;
  }
  if (labels.dtype !== "int32")
    throw new TunelabError(
      "model: labels of a single-label classification must be whole numbers (class labels); " +
        "these have fractions. For regression load the model with num_labels: 1",
      "TL_ERR_MISMATCH",
    );
  core.heap.frame((frame) =>
    core.run("tl_batch_set_labels", pointer, frame.i32(labels.data), labels.data.length),
  );
}
