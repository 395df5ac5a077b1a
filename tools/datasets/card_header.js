// The YAML at the top of a dataset's card, which the Hub and the datasets library read.
import { bytesInMemory, featureLines } from "./features.js";

/** @typedef {{name: string, rows: import("./features.js").Row[], fileBytes: number}} WrittenSplit */

/**
 * @param {object} facts
 * @param {string} facts.name for people
 * @param {string} facts.sizeCategory one of the Hub's
 * @param {string[]} facts.taskIds of the Hub's text classification tasks
 * @param {import("./features.js").Features} facts.features
 * @param {WrittenSplit[]} facts.splits
 * @returns {string} the header between its two rules, with a line feed at the end
 */
export function cardHeader({ name, sizeCategory, taskIds, features, splits }) {
  const sized = splits.map((split) => ({ ...split, bytes: bytesInMemory(features, split.rows) }));
  const total = (/** @type {number[]} */ numbers) => numbers.reduce((sum, number) => sum + number);
  const lines = [
    "---",
    "language:",
    "- en",
    "license: apache-2.0",
    "language_creators:",
    "- machine-generated",
    "annotations_creators:",
    "- machine-generated",
    "multilinguality:",
    "- monolingual",
    "size_categories:",
    `- ${sizeCategory}`,
    "source_datasets:",
    "- original",
    "task_categories:",
    "- text-classification",
    "task_ids:",
    ...taskIds.map((id) => `- ${id}`),
    `pretty_name: ${name}`,
    "dataset_info:",
    "  features:",
    ...featureLines(features).map((line) => `  ${line}`),
    "  splits:",
    ...sized.flatMap((split) => [
      `  - name: ${split.name}`,
      `    num_bytes: ${split.bytes}`,
      `    num_examples: ${split.rows.length}`,
    ]),
    `  download_size: ${total(sized.map(({ fileBytes }) => fileBytes))}`,
    `  dataset_size: ${total(sized.map(({ bytes }) => bytes))}`,
    "configs:",
    "- config_name: default",
    "  data_files:",
    ...splits.flatMap((split) => [`  - split: ${split.name}`, `    path: data/${split.name}-*`]),
    "---",
  ];
  return `${lines.join("\n")}\n`;
}
