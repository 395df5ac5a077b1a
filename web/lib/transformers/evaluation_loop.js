// One pass over a dataset without training: loss, logits and labels of every row.
import { no_grad } from "../torch/grad_mode.js";
import { cat } from "../torch/tensor.js";
import { reserve_evaluation } from "./memory_plan.js";
import { Breather, EvalPrediction } from "./trainer_utils.js";

/** @typedef {import("../torch/tensor.js").Tensor} Tensor */

/**
 * @typedef {object} EvalLoopOutput
 * @property {Tensor | null} predictions logits (N, K)
 * @property {Tensor | null} label_ids (N)
 * @property {Record<string, number>} metrics under the prefix
 * @property {number} num_samples
 */

/**
 * @param {import("./trainer.js").Trainer} trainer
 * @param {import("../torch/data_loader.js").DataLoader} dataloader
 * @param {string} prefix of the metrics' names
 * @param {boolean} loss_only keep neither logits nor labels
 * @returns {Promise<EvalLoopOutput>}
 */
export async function evaluation_loop(trainer, dataloader, prefix, loss_only) {
  const { model } = trainer;
  model.eval();
  reserve_evaluation(model, dataloader);
  /** @type {Tensor[]} */
  const logits = [];
  /** @type {Tensor[]} */
  const labels = [];
  const breather = new Breather();
  let rows = 0;
  let loss_sum = 0;
  let has_loss = false;
  for (const inputs of dataloader) {
    const outputs = no_grad(() => model(inputs));
    const size = inputs.input_ids.shape[0];
    rows += size;
    if (outputs.loss) {
      has_loss = true;
      loss_sum += outputs.loss.item() * size; // each row counts the same, in a short last batch too
    }
    if (!loss_only) logits.push(outputs.logits);
    if (!loss_only && inputs.labels) labels.push(inputs.labels);
    trainer.call_event("on_prediction_step", { eval_dataloader: dataloader });
    await breather.breathe();
  }
  const predictions = logits.length > 0 ? cat(logits) : null;
  const label_ids = labels.length > 0 ? cat(labels) : null;
  /** @type {Record<string, number>} */
  const metrics = {};
  if (has_loss) metrics[`${prefix}_loss`] = loss_sum / rows;
  if (trainer.compute_metrics && predictions && label_ids) {
    const computed = await trainer.compute_metrics(new EvalPrediction(predictions, label_ids));
    for (const [name, value] of Object.entries(computed))
      metrics[name.startsWith(`${prefix}_`) ? name : `${prefix}_${name}`] = value;
  }
  return { predictions, label_ids, metrics, num_samples: rows };
}
