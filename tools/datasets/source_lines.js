// Reads a dataset's source, one row a line, and says what is wrong with a sentence or where a line is not fit.
import { readFileSync } from "node:fs";

/**
 * The rows of a file's lines, in their order.
 * @template Row
 * @param {string} path
 * @param {string} name what messages call the file
 * @param {(line: string) => {fault: string} | {row: Row}} parse
 * @returns {Row[]}
 * @throws {Error} naming the file and the line of the first row that is not fit
 */
export function readRows(path, name, parse) {
  const lines = readFileSync(path, "utf8").split("\n");
  if (lines.pop() !== "") throw new Error(`${name}: expected a line feed at the end`);
  return lines.map((line, number) => {
    const parsed = parse(line);
    if ("fault" in parsed) throw new Error(`${name}:${number + 1}: ${parsed.fault}: "${line}"`);
    return parsed.row;
  });
}

/**
 * What is wrong with a sentence, or nothing.
 * @param {string} text
 * @param {{minWords: number, maxWords: number}} limits inclusive; words are what spaces part
 * @returns {string | undefined}
 */
export function sentenceFault(text, { minWords, maxWords }) {
  if (text !== text.normalize("NFC").trim().replace(/\s+/gu, " "))
    return "expected composed characters and single spaces between words only";
  const count = text.split(" ").length;
  if (count < minWords || count > maxWords)
    return `expected ${minWords} to ${maxWords} words, found ${count}`;
  return undefined;
}
