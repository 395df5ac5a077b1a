// The command line of `npm run encoder -- evaluate`.
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../../../tools/command.js";
import { EMBEDDED_ENCODER } from "../../../web/cli/embedded.js";
import { judged_tasks } from "./judged_tasks.js";

/** @typedef {import("./judged_tasks.js").JudgedTask} JudgedTask */

/** Encoders up to this width want the larger rate. */
const NARROW = 256;

/** Learning rates that fit most tasks; --learning-rate tries others. */
const RATES = { narrow: 3e-4, wide: 5e-5 };

export const HELP = `npm run encoder -- evaluate [--model FOLDER …] [OPTIONS]

Fine-tunes encoders on tasks, several seeds each, and prints accuracies as a Markdown table. Finished seeds are kept and not
run again, so an interrupted evaluation goes on where it was.

  --model FOLDER      an encoder in Hugging Face's layout; may be given more than once (the embedded one)
  --from-scratch      each encoder's architecture from random weights as well
  --sst2 FOLDER       SST-2 as GLUE ships it: train.tsv and dev.tsv
  --mrpc FOLDER       MRPC: train.tsv and validation.tsv
  --tasks NAMES       some of emotion, paraphrase, sst2, mrpc (default: all whose files are there)
  --seeds LIST        (42,43,44,45,46)
  --learning-rate X   several, as 1e-4,3e-4: the best on the last tenth of the training rows, with the first seed, is taken
                      (${RATES.narrow.toExponential()} for encoders up to ${NARROW} wide, ${RATES.wide.toExponential()} for wider ones)
  --epochs N          (emotion 10, paraphrase 10, sst2 3, mrpc 4)
  --batch-size N      (sst2 32, others 16)
  --limit N           train on the first N rows only, for a quick look
  --threads N         threads to work on (all); results do not depend on it
  --output FOLDER     where results are kept (runs/encoder)`;

/**
 * @typedef {object} Encoder
 * @property {string} name as the table shows it
 * @property {string} folder absolute
 * @property {boolean} from_scratch random weights instead of the folder's
 * @property {number[]} rates one, or several to choose from
 */

/**
 * @param {string} text
 * @param {string} option
 * @param {(value: number) => boolean} fits
 * @param {string} expected
 */
function number_of(text, option, fits, expected) {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && fits(value)) return value;
  throw new Error(`--${option} must be ${expected}, not "${text}"`);
}

/** @param {string | undefined} text @param {string} option */
const count_of = (text, option) =>
  text === undefined
    ? undefined
    : number_of(
        text,
        option,
        (value) => Number.isInteger(value) && value > 0,
        "a whole number of at least 1",
      );

/**
 * @param {string} model
 * @param {number[] | undefined} rates as asked for
 * @param {boolean} from_scratch
 * @returns {Encoder}
 */
function encoder_of(model, rates, from_scratch) {
  const folder = resolve(model);
  const config = join(folder, "config.json");
  if (!existsSync(config))
    throw new Error(`there is no ${config}; --model must name an encoder's folder`);
  const { hidden_size, dim } = JSON.parse(readFileSync(config, "utf8"));
  const usual = (hidden_size ?? dim) <= NARROW ? RATES.narrow : RATES.wide;
  const name = basename(folder) + (from_scratch ? ", random weights" : "");
  return { name, folder, from_scratch, rates: rates ?? [usual] };
}

/**
 * A task with the recipe as the options change it.
 * @param {JudgedTask} task
 * @param {{epochs?: number, batch_size?: number}} changes
 * @returns {JudgedTask}
 */
function with_recipe(task, { epochs, batch_size }) {
  const { recipe } = task;
  return {
    ...task,
    recipe: {
      ...recipe,
      epochs: epochs ?? recipe.epochs,
      batch_size: batch_size ?? recipe.batch_size,
    },
  };
}

/**
 * @param {string[]} args
 * @returns {{help: true} | {help: false, encoders: Encoder[], tasks: JudgedTask[], seeds: number[], limit?: number,
 *   threads?: number, output: string}}
 * @throws {Error} one line that says what is wrong
 */
export function read_options(args) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string", multiple: true, default: [EMBEDDED_ENCODER] },
      "from-scratch": { type: "boolean", default: false },
      sst2: { type: "string" },
      mrpc: { type: "string" },
      tasks: { type: "string" },
      seeds: { type: "string", default: "42,43,44,45,46" },
      "learning-rate": { type: "string" },
      epochs: { type: "string" },
      "batch-size": { type: "string" },
      limit: { type: "string" },
      threads: { type: "string" },
      output: { type: "string", default: join(root, "runs/encoder") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { help: true };
  const rates = values["learning-rate"]
    ?.split(",")
    .map((text) => number_of(text, "learning-rate", (rate) => rate > 0, "numbers above 0"));
  const recipe = {
    epochs:
      values.epochs === undefined
        ? undefined
        : number_of(values.epochs, "epochs", (epochs) => epochs > 0, "a number above 0"),
    batch_size: count_of(values["batch-size"], "batch-size"),
  };
  return {
    help: false,
    encoders: values.model.flatMap((model) => [
      ...(values["from-scratch"] ? [encoder_of(model, rates, true)] : []),
      encoder_of(model, rates, false),
    ]),
    tasks: judged_tasks(values, values.tasks?.split(",")).map((task) => with_recipe(task, recipe)),
    seeds: values.seeds
      .split(",")
      .map((text) =>
        number_of(
          text,
          "seeds",
          (seed) => Number.isInteger(seed) && seed >= 0,
          "whole numbers from 0",
        ),
      ),
    limit: count_of(values.limit, "limit"),
    threads: count_of(values.threads, "threads"),
    output: resolve(values.output),
  };
}
