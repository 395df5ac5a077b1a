// Saving what a Trainer trains: the model folder, checkpoints by step, and the best of them brought
// back.
import { TunelabError } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { remove_saved, save_folder, saved_names } from "../hub/save_folder.js";

/** @typedef {import("./trainer.js").Trainer} Trainer */

/** @param {Trainer} trainer */
function tokenizer_of(trainer) {
  return trainer.processing_class ?? /** @type {any} */ (trainer.data_collator).tokenizer;
}

/**
 * All or nothing: the model's files, the tokenizer's, and `extra` ones.
 * @param {Trainer} trainer
 * @param {string} folder
 * @param {Record<string, string>} [extra] texts by file name
 */
export async function save_model_to(trainer, folder, extra = {}) {
  await save_folder(folder, async (sink) => {
    await trainer.model.save_to(sink);
    await tokenizer_of(trainer)?.save_to(sink);
    for (const [name, text] of Object.entries(extra)) await sink.write(name, text);
  });
}

/** @param {Trainer} trainer @param {number} step */
const checkpoint_folder = (trainer, step) => `${trainer.args.output_dir}/checkpoint-${step}`;

/** @param {Trainer} trainer */
export async function save_checkpoint(trainer) {
  const { state } = trainer;
  const folder = checkpoint_folder(trainer, state.global_step);
  if (state.best_global_step !== null)
    state.best_model_checkpoint = checkpoint_folder(trainer, state.best_global_step);
  await save_model_to(trainer, folder, { "trainer_state.json": state.to_json_string() });
  await drop_old_checkpoints(trainer);
}

/**
 * Keeps save_total_limit checkpoints: the newest, and the best whatever its age.
 * @param {Trainer} trainer
 */
async function drop_old_checkpoints(trainer) {
  const { save_total_limit, output_dir } = trainer.args;
  if (save_total_limit === null) return;
  const steps = (await saved_names(output_dir)).flatMap((name) => {
    const found = /^checkpoint-(\d+)$/.exec(name);
    return found ? [Number(found[1])] : [];
  });
  const best = trainer.state.best_global_step;
  const newest = trainer.state.global_step;
  const oldest_first = steps
    .filter((step) => step !== best && step !== newest)
    .sort((a, b) => a - b);
  for (const step of oldest_first.slice(0, Math.max(0, steps.length - save_total_limit)))
    await remove_saved(checkpoint_folder(trainer, step));
}

/**
 * Notes whether an evaluation is the best so far.
 * @param {Trainer} trainer
 * @param {Record<string, number>} metrics
 * @returns {boolean}
 */
export function note_best(trainer, metrics) {
  const { args, state } = trainer;
  if (args.metric_for_best_model === null) return false;
  const name = args.metric_for_best_model.startsWith("eval_")
    ? args.metric_for_best_model
    : `eval_${args.metric_for_best_model}`;
  const value = metrics[name];
  if (value === undefined)
    throw new TunelabError(
      `metric_for_best_model is ${name}, but the evaluation gives ${Object.keys(metrics).join(", ")}`,
    );
  const better =
    state.best_metric === null ||
    (args.greater_is_better ? value > state.best_metric : value < state.best_metric);
  if (!better) return false;
  state.best_metric = value;
  state.best_global_step = state.global_step;
  return true;
}

/** Brings the best checkpoint's weights back, if one was saved. @param {Trainer} trainer */
export async function load_best_model(trainer) {
  const folder = trainer.state.best_model_checkpoint;
  if (folder === null) return;
  logger.info(`Loading best model from ${folder} (score: ${trainer.state.best_metric}).`);
  await trainer.model.load_pretrained(folder);
}
