// One encoder on one task: the learning rate chosen where there is a choice, then a run for each seed.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fine_tuned } from "../fine_tuned.js";
import { held_out } from "./judged_tasks.js";
import { hash_of, kept_or_run } from "./kept_runs.js";
import { save_random, shapes_it } from "./random_weights.js";

/** @typedef {import("../fine_tuned.js").Outcome} Outcome */
/** @typedef {import("./evaluate_options.js").Encoder} Encoder */
/** @typedef {import("./judged_tasks.js").JudgedTask} JudgedTask */

/**
 * @typedef {object} Settings
 * @property {number[]} seeds
 * @property {number} [limit] training rows
 * @property {number} [threads]
 * @property {string} output the folder of results
 * @property {(line: string) => void} say progress
 */

/**
 * @typedef {object} Verdict
 * @property {string} task its title
 * @property {string} encoder its name
 * @property {number} rate the learning rate
 * @property {Outcome[]} outcomes one a seed
 */

/** @param {Outcome} outcome */
const told = ({ accuracy, seconds }) =>
  `accuracy ${(100 * accuracy).toFixed(1)} %, ${seconds.toFixed(0)} s`;

/** The shape of every run's schedule: a tenth of the steps to warm up, then straight down; no evaluation on the way. */
const SCHEDULE = ["--warmup-steps", "0.1", "--eval-strategy", "no"];

/**
 * What all runs of an encoder on a task share.
 * @param {Encoder} encoder
 * @param {JudgedTask} judged
 * @param {Settings} settings
 */
async function runs_of(encoder, judged, { limit, threads, output, say }) {
  const { epochs, batch_size, max_length } = judged.recipe;
  const [encoder_hash, data_hash] = [
    await hash_of(encoder.folder, encoder.from_scratch ? shapes_it : undefined),
    [await hash_of(judged.task.train.path), await hash_of(judged.task.judged.path)],
  ];
  const hyper = [
    ...["--epochs", `${epochs}`, "--per-device-train-batch-size", `${batch_size}`, ...SCHEDULE],
    ...(limit === undefined ? [] : ["--max-train-samples", `${limit}`]),
  ];
  const lengths = max_length === undefined ? [] : ["--max-length", `${max_length}`];
  const common = [...lengths, ...(threads === undefined ? [] : ["--threads", `${threads}`])];

  /** @param {import("../fine_tuned.js").Task} task @param {number} seed @param {number} rate */
  return (task, seed, rate) => {
    const settings = [...hyper, "--learning-rate", `${rate}`];
    const run = {
      encoder_hash,
      from_scratch: encoder.from_scratch,
      data_hash,
      rows: { train: task.train.split, judged: task.judged.split },
      settings: [...settings, ...lengths],
      seed,
    };
    const names = { task: judged.title, encoder: encoder.name };
    return kept_or_run(join(output, judged.name), run, names, async (key) => {
      say(`${judged.title}: ${encoder.name}, learning rate ${rate.toExponential()}, seed ${seed}`);
      const working = join(output, "working", key);
      try {
        const start = join(working, "start");
        if (encoder.from_scratch)
          await save_random(encoder.folder, start, { seed, num_labels: judged.num_labels });
        const outcome = await fine_tuned(task, {
          model: encoder.from_scratch ? start : encoder.folder,
          folder: join(working, "model"),
          ...{ seed, settings, common },
        });
        say(`  ${told(outcome)}`);
        return outcome;
      } finally {
        await rm(working, { recursive: true, force: true });
      }
    });
  };
}

/**
 * Fine-tunes an encoder once for each seed; finished seeds are read, not run. The core must be loaded (`init`).
 * @param {Encoder} encoder
 * @param {JudgedTask} judged
 * @param {Settings} settings
 * @returns {Promise<Verdict>}
 * @throws {Error} one line if a run fails; what was finished before stays
 */
export async function evaluate_encoder(encoder, judged, settings) {
  const run = await runs_of(encoder, judged, settings);
  let rate = encoder.rates[0];
  if (encoder.rates.length > 1) {
    let best = -1;
    for (const candidate of encoder.rates) {
      const { accuracy } = await run(held_out(judged.task), settings.seeds[0], candidate);
      if (accuracy > best) [best, rate] = [accuracy, candidate];
    }
    settings.say(`  learning rate ${rate.toExponential()} is the best on the held-out rows`);
  }
  const outcomes = [];
  for (const seed of settings.seeds) outcomes.push(await run(judged.task, seed, rate));
  return { task: judged.title, encoder: encoder.name, rate, outcomes };
}
