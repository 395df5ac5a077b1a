// The emotion dataset's card: the YAML that the Hub and the datasets library read, and what a person should know.
import { cardHeader } from "../datasets/card_header.js";
import { classNames, features } from "./sentences.js";

/**
 * @param {Record<string, unknown>[]} rows
 * @param {RegExp} pattern what to look for in a sentence
 * @returns {number[]} how many sentences of each class have it, in the classes' order
 */
const countsOf = (rows, pattern) =>
  classNames.map(
    (_, label) =>
      rows.filter((row) => row.label === label && pattern.test(String(row.text))).length,
  );

/**
 * @param {import("../datasets/card_header.js").WrittenSplit[]} splits
 * @returns {string} README.md
 */
export function datasetCard(splits) {
  const rows = splits.flatMap((split) => split.rows);
  const examples = rows.toReversed();
  const exampleOf = (/** @type {number} */ label) =>
    examples.find((row) => row.label === label && String(row.text).split(" ").length < 14)?.text;
  const love = countsOf(rows, /\blov(e|es|ed|ing)\b/i);
  const ofLove = love[classNames.indexOf("love")];
  const ofOthers = love.reduce((sum, found) => sum + found, 0) - ofLove;
  const exclamations = countsOf(rows, /!/).map((found, label) => `${classNames[label]} ${found}`);
  const header = cardHeader({
    name: "Tunelab Emotion",
    sizeCategory: "1K<n<10K",
    taskIds: ["multi-class-classification"],
    features,
    splits,
  });
  return `${header}
# Tunelab Emotion

${rows.length} short English messages and sentences, each with the one emotion that its writer meant it to carry. The six classes and their
order are those of the Hub's \`emotion\` dataset, so code for one runs on the other. Made so that Tunelab can fine-tune without a
network.

| label | class | an example |
|---|---|---|
${classNames.map((name, label) => `| ${label} | ${name} | ${exampleOf(label)} |`).join("\n")}

| split | rows | rows a class |
|---|---|---|
${splits.map((split) => `| ${split.name} | ${split.rows.length} | ${split.rows.length / classNames.length} |`).join("\n")}

## How it was made

The sentences were written for this project by a language model, one by one, without templates; none was copied from another
dataset or collected from people. They are 4 to 35 words long, in the first or third person, on family, work, school, sport,
travel, food, weather, technology, health, pets, money, music and neighbours, some in the lower-case style of short messages.
Often the feeling is evident without being named. The splits are stratified and no two sentences, in one split or in two, share
70 % of their words.

## What to keep in mind

- A label is its writer's intention; nobody else annotated the sentences. Some would bear a second label, such as fear beside sadness.
- The classes are equally frequent here; in real messages they are not. Accuracy on this test split says little about another source.
- Some words and marks hint at a class: a form of "love" stands in ${ofLove} sentences of love and in ${ofOthers} others, and exclamation
  marks are uneven (${exclamations.join(", ")}). Compare a model with one that only counts words.
- The English is British and tidy, without misspellings, slang or emoji.
`;
}
