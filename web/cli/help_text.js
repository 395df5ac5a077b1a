// The help of each command, made from the table of its options.

/** @typedef {import("./option_tables.js").OptionTable} OptionTable */
/** @typedef {import("./option_tables.js").Option} Option */

export const OVERVIEW = `tunelab fine-tunes small transformer encoders.

  tunelab train     trains a classifier on labelled texts and saves it
  tunelab evaluate  measures a trained model on labelled texts
  tunelab predict   classifies texts with a trained model
  tunelab models    lists small encoders worth a try, with the memory that training them takes

Each has its own --help. For example:

  tunelab train --model my-encoder --dataset reviews.csv --text-columns text --label-column stars --output my-model
  tunelab predict --model my-model --text "What a lovely day"

Exit codes: 0 done, 1 an error, 2 a wrong command line, 130 stopped with Ctrl-C.
TUNELAB_WASM, if set, is the folder of the WebAssembly builds (default build/wasm).
`;

/** @param {Option} option */
function value_name({ type, choices }) {
  if (choices) return choices.join("|");
  return { int: "N", float: "X", string: "…", list: "a,b", bool: "" }[type];
}

/** @param {string} name @param {Option} option */
function line(name, option) {
  const left = `  --${name} ${value_name(option)}`.trimEnd();
  const shown = option.default === undefined || option.default === null || option.default === false;
  const right = option.help + (shown ? "" : ` Default ${option.default}.`);
  return left.length > 34 ? `${left}\n${" ".repeat(36)}${right}` : left.padEnd(36) + right;
}

/**
 * @param {string} command
 * @param {string} purpose
 * @param {OptionTable} table
 */
export function help_text(command, purpose, table) {
  const lines = Object.entries(table).map(([name, option]) => line(name, option));
  return `tunelab ${command}: ${purpose}\n\n${lines.join("\n")}\n\nA switch is turned off with --no- before its name.\n`;
}
