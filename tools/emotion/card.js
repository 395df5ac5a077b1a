// The emotion dataset's card: the YAML that the Hub and the datasets library read, and what a person should know.
import { classNames } from "./sentences.js";

/** @typedef {{name: string, rows: import("./sentences.js").Row[], fileBytes: number}} Split */

// As the datasets library counts a split in memory: each text with its 4-byte offset, each 8-byte label and its null bit.
const bytesInMemory = (/** @type {Split} */ { rows }) =>
  rows.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 4 + 8, 0) +
  Math.ceil(rows.length / 8);

/**
 * @param {Split[]} splits
 * @returns {string} README.md
 */
export function datasetCard(splits) {
  const total = (/** @type {(split: Split) => number} */ count) =>
    splits.reduce((sum, split) => sum + count(split), 0);
  const examples = splits.flatMap(({ rows }) => rows).reverse();
  const exampleOf = (/** @type {number} */ label) =>
    examples.find((row) => row.label === label && row.text.split(" ").length < 14)?.text;
  return `---
language:
- en
license: apache-2.0
language_creators:
- machine-generated
annotations_creators:
- machine-generated
multilinguality:
- monolingual
size_categories:
- 1K<n<10K
source_datasets:
- original
task_categories:
- text-classification
task_ids:
- multi-class-classification
pretty_name: Tunelab Emotion
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
${classNames.map((name, label) => `          '${label}': ${name}`).join("\n")}
  splits:
${splits
  .map(
    (split) =>
      `  - name: ${split.name}\n    num_bytes: ${bytesInMemory(split)}\n    num_examples: ${split.rows.length}`,
  )
  .join("\n")}
  download_size: ${total((split) => split.fileBytes)}
  dataset_size: ${total(bytesInMemory)}
configs:
- config_name: default
  data_files:
${splits.map(({ name }) => `  - split: ${name}\n    path: data/${name}-*`).join("\n")}
---

# Tunelab Emotion

${total(({ rows }) => rows.length)} short English messages and sentences, each with the one emotion that its writer meant it to carry. The six classes and their
order are those of the Hub's \`emotion\` dataset, so code for one runs on the other. Made so that Tunelab can fine-tune without a
network.

| label | class | an example |
|---|---|---|
${classNames.map((name, label) => `| ${label} | ${name} | ${exampleOf(label)} |`).join("\n")}

| split | rows | rows a class |
|---|---|---|
${splits.map(({ name, rows }) => `| ${name} | ${rows.length} | ${rows.length / classNames.length} |`).join("\n")}

## How it was made

The sentences were written for this project by a language model, one by one, without templates; none was copied from another
dataset or collected from people. They are 4 to 35 words long, in the first or third person, on family, work, school, sport,
travel, food, weather, technology, health, pets, money, music and neighbours, some in the lower-case style of short messages.
Often the feeling is evident without being named. The splits are stratified and no two sentences, in one split or in two, share
70 % of their words.

## What to keep in mind

- A label is its writer's intention; nobody else annotated the sentences. Some would bear a second label, such as fear beside sadness.
- The classes are equally frequent here; in real messages they are not. Accuracy on this test split says little about another source.
- The English is British and tidy, without misspellings, slang or emoji.
`;
}
