// What needs no understanding: guessing the commoner class, and a threshold on how many words the two sentences share.
import { similarity, wordsOf } from "../datasets/near_duplicates.js";

/** @typedef {import("./pairs.js").Pair} Pair */

/**
 * @param {Pair[]} pairs
 * @returns {number} the share of the commoner class, from 0 to 1
 */
export function majority(pairs) {
  const equivalent = pairs.filter(({ label }) => label === 1).length;
  return Math.max(equivalent, pairs.length - equivalent) / pairs.length;
}

/** Words in common over words in all, from 0 to 1. @param {Pair} pair */
export const overlapOf = ({ sentence1, sentence2 }) =>
  similarity(wordsOf(sentence1), wordsOf(sentence2));

/**
 * @param {Pair[]} pairs
 * @returns {number} the share of pairs whose sentences begin with the same word, from 0 to 1
 */
export function sharedOpenings(pairs) {
  const opening = (/** @type {string} */ sentence) => [...wordsOf(sentence)][0];
  const shared = pairs.filter(
    ({ sentence1, sentence2 }) => opening(sentence1) === opening(sentence2),
  );
  return shared.length / pairs.length;
}

/** @typedef {{from: number, above: boolean}} Rule calls pairs equivalent from an overlap on, or else below it */

/** @param {Pair[]} pairs */
const measured = (pairs) => pairs.map((pair) => ({ overlap: overlapOf(pair), label: pair.label }));

/** @param {{overlap: number, label: number}[]} pairs @param {Rule} rule */
function shareRight(pairs, { from, above }) {
  const right = pairs.filter(({ overlap, label }) => (overlap >= from === above) === (label === 1));
  return right.length / pairs.length;
}

/** @param {Pair[]} pairs @param {Rule} rule @returns {number} accuracy from 0 to 1 */
export const accuracyOf = (pairs, rule) => shareRight(measured(pairs), rule);

/** @param {Pair[]} pairs @returns {Rule} the most accurate rule on these pairs */
export function bestRule(pairs) {
  const known = measured(pairs);
  const rules = [...new Set(known.map(({ overlap }) => overlap))].flatMap((from) =>
    [true, false].map((above) => ({ from, above, accuracy: shareRight(known, { from, above }) })),
  );
  return rules.reduce((best, rule) => (rule.accuracy > best.accuracy ? rule : best));
}
