// Reads the emotion dataset's sentences, checks each of them, and divides them into splits.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The classes of the Hub's `emotion` dataset; a class's position is its label. */
export const classNames = ["sadness", "joy", "love", "anger", "fear", "surprise"];

/** How much of each class goes to validation, and as much again to test. */
const heldOut = 0.15;
const minWords = 4;
const maxWords = 35;

/** @typedef {{text: string, label: number}} Row */

const folder = fileURLToPath(new URL("sentences/", import.meta.url));

/**
 * Every sentence with its label, class by class, in the order of the files.
 * @returns {Row[]}
 * @throws {Error} naming the file and the line of the first sentence that is not fit
 */
export function readSentences() {
  return classNames.flatMap((name, label) => {
    const lines = readFileSync(`${folder}${name}.txt`, "utf8").split("\n");
    if (lines.pop() !== "") throw new Error(`${name}.txt: expected a line feed at the end`);
    return lines.map((text, number) => {
      const fault = faultOf(text);
      if (fault) throw new Error(`${name}.txt:${number + 1}: ${fault}: "${text}"`);
      return { text, label };
    });
  });
}

/**
 * What is wrong with a sentence, or nothing.
 * @param {string} text
 * @returns {string | undefined}
 */
export function faultOf(text) {
  if (text !== text.normalize("NFC").trim().replace(/\s+/gu, " "))
    return "expected composed characters and single spaces between words only";
  const count = text.split(" ").length;
  if (count < minWords || count > maxWords)
    return `expected ${minWords} to ${maxWords} words, found ${count}`;
  return undefined;
}

/**
 * Divides the rows so that every split has the classes in the same proportion, mixed. A row's split and place follow
 * from its text's hash alone, so a new sentence moves hardly any other.
 * @param {Row[]} rows
 * @returns {{train: Row[], validation: Row[], test: Row[]}}
 */
export function splitRows(rows) {
  const hashed = rows.map((row) => ({
    row,
    hash: createHash("sha256").update(row.text).digest("hex"),
  }));
  const ofClass = classNames.map((_, label) =>
    sortedBy(
      hashed.filter(({ row }) => row.label === label),
      ({ hash }) => hash,
    ),
  );
  /** @param {(quota: number) => [number, number?]} range of ranks in a class, given how many it holds out */
  const split = (range) => {
    const chosen = ofClass.flatMap((part) =>
      part.slice(...range(Math.round(heldOut * part.length))),
    );
    // By the hash's other half: in its first half, a class's rows begin where that class's quota ends.
    return sortedBy(chosen, ({ hash }) => hash.slice(32)).map(({ row }) => row);
  };
  return {
    train: split((quota) => [2 * quota]),
    validation: split((quota) => [quota, 2 * quota]),
    test: split((quota) => [0, quota]),
  };
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 */
function sortedBy(items, keyOf) {
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
