// Reads the emotion dataset's sentences, checks each of them, and divides them into splits.
import { fileURLToPath } from "node:url";
import { readRows, sentenceFault } from "../datasets/source_lines.js";
import { splitByHash } from "../datasets/splits.js";

/** The classes of the Hub's `emotion` dataset; a class's position is its label. */
export const classNames = ["sadness", "joy", "love", "anger", "fear", "surprise"];

/** @type {import("../datasets/features.js").Features} */
export const features = {
  text: { dtype: "string", _type: "Value" },
  label: { names: classNames, _type: "ClassLabel" },
};

/** @typedef {{text: string, label: number}} Row */

const folder = fileURLToPath(new URL("sentences/", import.meta.url));

/**
 * Every sentence with its label, class by class, in the order of the files.
 * @returns {Row[]}
 * @throws {Error} naming the file and the line of the first sentence that is not fit
 */
export function readSentences() {
  return classNames.flatMap((name, label) => {
    /** @param {string} text @returns {{row: Row} | {fault: string}} */
    const rowOf = (text) => {
      const fault = faultOf(text);
      return fault === undefined ? { row: { text, label } } : { fault };
    };
    return readRows(`${folder}${name}.txt`, `${name}.txt`, rowOf);
  });
}

/**
 * What is wrong with a sentence, or nothing.
 * @param {string} text
 * @returns {string | undefined}
 */
export const faultOf = (text) => sentenceFault(text, { minWords: 4, maxWords: 35 });

/** @param {Row[]} rows */
export const splitRows = (rows) => splitByHash(rows, classNames.length, ({ text }) => text);
