// The paraphrase dataset's card: the YAML that the Hub and the datasets library read, and what a person should know.
import { cardHeader } from "../datasets/card_header.js";
import { accuracyOf, bestRule, majority, overlapOf, sharedOpenings } from "./baselines.js";
import { classNames, features, topics } from "./pairs.js";

/** @typedef {import("./pairs.js").Pair} Pair */

const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;

/** @param {Pair[]} pairs @param {number} label */
const ofClass = (pairs, label) => pairs.filter((pair) => pair.label === label);

/**
 * @param {Pair[]} pairs of one class
 * @returns {string} how many words a pair's sentences share: the quartiles of the share
 */
function quartiles(pairs) {
  const sorted = pairs.map(overlapOf).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.floor(share * (sorted.length - 1))];
  return [0.25, 0.5, 0.75].map((share) => at(share).toFixed(2)).join(", ");
}

/**
 * @param {import("../datasets/card_header.js").WrittenSplit[]} splits train, validation and test
 * @returns {string} README.md
 */
export function datasetCard(splits) {
  const [train, , test] = splits.map(({ rows }) => /** @type {any} */ (rows));
  const all = /** @type {any} */ (splits.flatMap(({ rows }) => rows));
  const rule = bestRule(train);
  const header = cardHeader({
    name: "Tunelab Paraphrase",
    sizeCategory: all.length < 1000 ? "n<1K" : "1K<n<10K",
    taskIds: ["semantic-similarity-classification"],
    features,
    splits,
  });
  const examples = classNames.map((name, label) => {
    const { sentence1, sentence2 } = ofClass(train, label)[0];
    return `| ${label} | ${name} | ${sentence1} | ${sentence2} |`;
  });
  const sizes = splits.map(({ name, rows }) => {
    const pairs = /** @type {any} */ (rows);
    return `| ${name} | ${rows.length} | ${ofClass(pairs, 1).length} | ${ofClass(pairs, 0).length} |`;
  });
  return `${header}
# Tunelab Paraphrase

${all.length} pairs of English sentences: do the two say the same? Columns, classes and their order are those of the Hub's \`glue\`, \`mrpc\`, so
code for one runs on the other. Made so that Tunelab can fine-tune on pairs without a network.

| label | class | sentence1 | sentence2 |
|---|---|---|---|
${examples.join("\n")}

| split | pairs | equivalent | not equivalent |
|---|---|---|---|
${sizes.join("\n")}

\`idx\` numbers the pairs through all splits, train first.

## How it was made

The pairs were written for this project by a language model, one by one, without templates or a program that swaps words; none was
copied from another dataset or collected from people. People and events are mostly invented; some places and some facts of nature and
history are real. Sentences have 8 to 28 words, as in news, letters and notices, on ${topics.length} topics:
${topics.join(", ")}.

- **Equivalent** pairs give the same facts in other words: another voice, other words or another order of clauses, verbs
  for nouns, one sentence split or two joined, direct speech made indirect, numbers as words.
- Pairs that are **not equivalent** share a topic and often most of their words, but differ in a fact: who did what to whom, how many,
  when, where, why, whether, all or some; or they tell of different events.

A pair's sentences share as many words in one class as in the other (words in common over words in all, quartiles: equivalent
${quartiles(ofClass(all, 1))}; not equivalent ${quartiles(ofClass(all, 0))}). The splits are stratified; no sentence shares 70 % of its words with one of
another pair or of Tunelab Emotion.

## What needs no understanding

| on the test split | accuracy |
|---|---|
| always the commoner class | ${percent(majority(test))} |
| a threshold on the share of common words, chosen on the training split | ${percent(accuracyOf(test, rule))} |

## What to keep in mind

- A label is its writer's intention, read over by a second pass of the same kind of model; no people annotated the pairs.
- Openings tell a little: the two sentences begin with the same word in ${percent(sharedOpenings(ofClass(all, 1)))} of the equivalent pairs and in
  ${percent(sharedOpenings(ofClass(all, 0)))} of the others.
- Where MRPC calls pairs equivalent although one sentence leaves something out, here the facts have to agree. Scores on the two do
  not compare.
- ${test.length} test pairs tell models apart only if they differ by several points: two standard errors of an accuracy of 70 % are
  ${(200 * Math.sqrt((0.7 * 0.3) / test.length)).toFixed(0)} points.
- The English is tidy, without misspellings or slang; some pairs are British, some American.
`;
}
