// The terminal program: which command, its options, the core, and every error as one line and an
// exit code.
import { did_you_mean } from "../lib/core/near_names.js";
import { init, set_log_sink, set_verbosity, TunelabError } from "../lib/index.js";
import { evaluate_command } from "./evaluate_command.js";
import { help_text, OVERVIEW } from "./help_text.js";
import { models_command } from "./models_command.js";
import { COMMON, EVALUATE, PREDICT, TRAIN } from "./option_tables.js";
import { with_named_config } from "./named_dataset.js";
import { parse_options, UsageError } from "./parse_options.js";
import { predict_command } from "./predict_command.js";
import { printable, Terminal } from "./terminal.js";
import { train_command } from "./train_command.js";

const EXIT_ERROR = 1;
const EXIT_USAGE = 2;

const COMMANDS = {
  train: {
    table: TRAIN,
    run: train_command,
    purpose: "trains a classifier on labelled texts and saves it",
  },
  evaluate: {
    table: EVALUATE,
    run: evaluate_command,
    purpose: "measures a trained model on labelled texts",
  },
  predict: {
    table: PREDICT,
    run: predict_command,
    purpose: "classifies texts with a trained model",
  },
  models: {
    table: COMMON,
    run: models_command,
    purpose: "lists small encoders worth a try, with the memory that training them takes",
  },
};

/** @param {string | undefined} base a folder, with or without a slash at its end */
const folder_address = (base) =>
  base && new URL(`${base.replace(/\/?$/, "/")}`, `file://${process.cwd()}/`);

/** @param {string[]} args @returns {Promise<number>} */
async function run(args) {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "help") {
    process.stdout.write(OVERVIEW);
    return name === undefined ? EXIT_USAGE : 0;
  }
  if (!Object.hasOwn(COMMANDS, name))
    throw new UsageError(
      `there is no command ${name}; there are ${Object.keys(COMMANDS).join(", ")}${did_you_mean(name, Object.keys(COMMANDS))}`,
    );
  const { table, run: command, purpose } = COMMANDS[/** @type {keyof typeof COMMANDS} */ (name)];
  const options = parse_options(name, table, rest);
  if (options.help) {
    process.stdout.write(help_text(name, purpose, table));
    return 0;
  }
  const terminal = new Terminal({ quiet: options.quiet });
  set_verbosity(options.quiet ? "error" : "warning");
  set_log_sink((text) => terminal.note(text));
  await init({
    threads: options.threads,
    build: options.build,
    base: folder_address(process.env.TUNELAB_WASM),
  });
  return command(with_named_config(options), terminal);
}

/**
 * Runs a command line; errors that people can mend are one line on stderr, others show where they
 * came from.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function main(args) {
  try {
    return await run(args);
  } catch (error) {
    const known = error instanceof TunelabError || error instanceof UsageError;
    const text = known
      ? printable(error.message)
      : error instanceof Error
        ? error.stack
        : String(error);
    process.stderr.write(`${process.stderr.isTTY ? "\r\x1b[K" : ""}tunelab: ${text}\n`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_ERROR;
  }
}
