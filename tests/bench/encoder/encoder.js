// `npm run encoder -- evaluate …`: how good encoders are to fine-tune, on the embedded datasets and on real tasks.
import { init, set_verbosity } from "../../../web/lib/index.js";
import { evaluate_encoder } from "./evaluate.js";
import { HELP, read_options } from "./evaluate_options.js";
import { verdict_table } from "./verdict_table.js";

/** @param {string[]} args @returns {Promise<void>} */
async function main([command, ...args]) {
  if (command !== "evaluate")
    throw new Error("npm run encoder knows one command: npm run encoder -- evaluate --help");
  const options = read_options(args);
  if (options.help) return console.log(HELP);
  await init({ threads: 1 });
  set_verbosity("error");
  const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  const verdicts = [];
  for (const task of options.tasks)
    for (const encoder of options.encoders)
      verdicts.push(await evaluate_encoder(encoder, task, { ...options, say }));
  console.log(verdict_table(verdicts));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`encoder: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
