// Computes what assets/models.json says of each recommended encoder's size from its configuration, by the library's own plan:
// `node tools/models.js` writes it anew, and the README's table. Names, licences and configurations are those of the models' cards.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { init } from "../web/lib/index.js";
import { create_model } from "../web/lib/transformers/auto_model.js";
import { PretrainedConfig } from "../web/lib/transformers/config.js";
import { PreTrainedModel } from "../web/lib/transformers/modeling.js";
import { root } from "./command.js";

const FILE = join(root, "assets/models.json");

/** Batches whose memory is told: sequences, tokens in each. */
const BATCHES = [
  [16, 64],
  [16, 128],
];

/**
 * @typedef {object} RecommendedModel
 * @property {string} name on the Hub
 * @property {string} good_for
 * @property {string | null} license null: its card does not tell
 * @property {string} tokenizer
 * @property {Record<string, any>} config the fields that its size depends on
 * @property {number} parameters with a head for two labels
 * @property {Record<string, number>} training_bytes of weights, gradients, moments and activations, by batch
 */

/** @returns {RecommendedModel[]} */
export const listed_models = () => JSON.parse(readFileSync(FILE, "utf8")).models;

/**
 * What the plan says of a configuration.
 * @param {Record<string, any>} config
 */
export async function sizes_of(config) {
  const core = await init();
  const full = new PretrainedConfig({ ...config, num_labels: 2 });
  const model = new PreTrainedModel(create_model(core, full), full);
  const training_bytes = Object.fromEntries(
    BATCHES.map(([rows, length]) => [
      `${rows}x${length}`,
      model.plan_bytes(rows, rows * length, length),
    ]),
  );
  const parameters = model.num_parameters();
  model.free();
  return { parameters, training_bytes };
}

/** @param {number} bytes */
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/** The README's table of them. @param {readonly RecommendedModel[]} models */
export function readme_table(models) {
  const rows = models.map((model) => [
    `\`${model.name}\``,
    `${(model.parameters / 1e6).toFixed(1)} M`,
    megabytes(4 * model.parameters),
    ...Object.values(model.training_bytes).map(megabytes),
    model.tokenizer,
    model.license ?? "see its card",
    model.good_for,
  ]);
  const heads = "encoder,parameters,weights,training 16×64,16×128,tokenizer,licence,good for".split(
    ",",
  );
  return [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

/** @param {readonly RecommendedModel[]} models */
function write_readme(models) {
  const path = join(root, "README.md");
  const table = /(<!-- models: written by `node tools\/models\.js` -->\n\n)(?:\|.*\n)*/;
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace(table, (_, mark) => mark + readme_table(models)),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const models = [];
  await init({ threads: 2 });
  for (const model of listed_models()) models.push({ ...model, ...(await sizes_of(model.config)) });
  models.sort((a, b) => a.parameters - b.parameters);
  writeFileSync(FILE, `${JSON.stringify({ models }, null, 2)}\n`);
  write_readme(models);
}
