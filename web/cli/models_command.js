// `tunelab models`: small encoders that are worth a try, with what they need.
import { readFile } from "node:fs/promises";

const LIST = new URL("../../assets/models.json", import.meta.url);

/** @param {number} bytes */
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/** @param {any} model of assets/models.json @returns {string[]} */
const cells = ({ name, config, tokenizer, license, parameters, training_bytes }) => [
  name,
  config.model_type,
  `${(parameters / 1e6).toFixed(1)} M`,
  megabytes(4 * parameters),
  ...Object.values(training_bytes).map(megabytes),
  tokenizer,
  license ?? "see its card",
];

const HEADS = ["name", "type", "parameters", "float32", "16×64", "16×128", "tokenizer", "licence"];

/** @returns {Promise<number>} the exit code */
export async function models_command() {
  const { models } = JSON.parse(await readFile(LIST, "utf8"));
  /** @type {string[][]} */
  const rows = [HEADS, ...models.map(cells)];
  const widths = HEADS.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const lines = rows.map((row, at) => {
    const line = row.map((cell, i) => cell.padEnd(widths[i])).join("  ");
    const note = at === 0 ? "good for" : models[at - 1].good_for;
    return `${line}  ${note}\n`;
  });
  process.stdout.write(lines.join(""));
  process.stdout.write(
    "\nfloat32: the weights, and about the download, to which a pretraining head adds. 16×64, 16×128: memory to train all weights with batches of 16 texts of so " +
      "many tokens.\n",
  );
  return 0;
}
