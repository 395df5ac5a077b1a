// Reads the paraphrase dataset's pairs, checks each of them, and divides them into splits.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readRows, sentenceFault } from "../datasets/source_lines.js";
import { splitByHash } from "../datasets/splits.js";

/** MRPC's classes; a class's position is its label. */
export const classNames = ["not_equivalent", "equivalent"];

/** MRPC's columns, in its order. @type {import("../datasets/features.js").Features} */
export const features = {
  sentence1: { dtype: "string", _type: "Value" },
  sentence2: { dtype: "string", _type: "Value" },
  label: { names: classNames, _type: "ClassLabel" },
  idx: { dtype: "int32", _type: "Value" },
};

/** @typedef {{sentence1: string, sentence2: string, label: number}} Pair */

const folder = fileURLToPath(new URL("pairs/", import.meta.url));

/** What the pairs are about, a file each, in alphabetical order. */
export const topics = readdirSync(folder)
  .map((file) => file.replace(/\.tsv$/, ""))
  .sort();

/**
 * Every pair, topic by topic, in the order of the files.
 * @returns {Pair[]}
 * @throws {Error} naming the file and the line of the first pair that is not fit
 */
export const readPairs = () =>
  topics.flatMap((topic) => readRows(`${folder}${topic}.tsv`, `${topic}.tsv`, pairOf));

/**
 * @param {string} line label, sentence and sentence, parted by tabs
 * @returns {{row: Pair} | {fault: string}}
 */
export function pairOf(line) {
  const [label, sentence1, sentence2, ...more] = line.split("\t");
  if (sentence2 === undefined || more.length > 0)
    return { fault: "expected a label and two sentences, parted by tabs" };
  if (label !== "0" && label !== "1")
    return { fault: "expected the label 0 (not equivalent) or 1 (equivalent)" };
  if (sentence1 === sentence2) return { fault: "expected two different sentences" };
  const limits = { minWords: 8, maxWords: 28 };
  const fault = sentenceFault(sentence1, limits) ?? sentenceFault(sentence2, limits);
  return fault === undefined ? { row: { sentence1, sentence2, label: Number(label) } } : { fault };
}

/**
 * The pairs in their splits, numbered from 0 through all of them.
 * @param {Pair[]} pairs
 */
export function splitPairs(pairs) {
  const splits = splitByHash(
    pairs,
    classNames.length,
    ({ sentence1, sentence2 }) => `${sentence1}\t${sentence2}`,
  );
  let idx = 0;
  const numbered = (/** @type {Pair[]} */ part) => part.map((pair) => ({ ...pair, idx: idx++ }));
  return {
    train: numbered(splits.train),
    validation: numbered(splits.validation),
    test: numbered(splits.test),
  };
}
