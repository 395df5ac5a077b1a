// Which rows a command works on: splits, and parts of them, as options name them.
import { rows_of } from "../lib/datasets/load_dataset.js";
import { ReadInstruction, TunelabError } from "../lib/index.js";

/** @typedef {import("../lib/datasets/dataset.js").Dataset} Dataset */
/** @typedef {Record<string, Dataset>} Splits */
/** @typedef {import("./parse_options.js").Options} Options */

/** The options that name rows, and the split that each stands for in training. */
const NAMED = { "train-split": "train", "validation-split": "validation", "test-split": "test" };

/** The names of the splits that options ask for. @param {Options} options @returns {string[]} */
export const asked_splits = (options) =>
  ["split", ...Object.keys(NAMED)].flatMap((option) =>
    options[option] === undefined ? [] : ReadInstruction.from_spec(options[option]).split_names,
  );

/**
 * A split, or what an expression such as train[:10%] or train+validation names.
 * @param {Splits} splits
 * @param {string} asked
 * @returns {Dataset}
 */
const rows_named = (splits, asked) =>
  splits[asked] ?? rows_of(ReadInstruction.from_spec(asked), splits);

/**
 * The splits with train, validation and test as --train-split, --validation-split and --test-split name them.
 * @param {Splits} splits
 * @param {Options} options
 * @returns {Splits}
 */
export function with_named_splits(splits, options) {
  const named = Object.entries(NAMED)
    .filter(([option]) => options[option] !== undefined)
    .map(([option, split]) => [split, rows_named(splits, options[option])]);
  return { ...splits, ...Object.fromEntries(named) };
}

/**
 * The rows asked for, or the most fitting split.
 * @param {Splits} splits
 * @param {string | undefined} asked a split, or an expression
 * @returns {[name: string, rows: Dataset]}
 */
export function choose_split(splits, asked) {
  const names = Object.keys(splits);
  const name =
    asked ??
    ["test", "validation"].find((each) => each in splits) ??
    (names.length === 1 ? names[0] : undefined);
  if (name === undefined)
    throw new TunelabError(`choose a --split; the splits are ${names.join(", ")}`);
  const rows = rows_named(splits, name);
  if (rows.length === 0) throw new TunelabError(`the split ${name} is empty`);
  return [name, rows];
}
