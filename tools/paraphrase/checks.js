// What must hold of the pairs together, whatever each of them says: no leaks, classes in balance, no giving away by words.
import { nearDuplicates, refuseDuplicates } from "../datasets/near_duplicates.js";
import { accuracyOf, bestRule } from "./baselines.js";

/** @typedef {import("./pairs.js").Pair} Pair */

/** The share of equivalent pairs; in MRPC it is two thirds. */
const balance = { least: 0.5, most: 0.6 };

/** From this accuracy on, counting shared words would do instead of reading. */
const overlapLimit = 0.65;

/**
 * Sentences that are nearly the same although they belong to different pairs, or to a pair and to another dataset.
 * Those of one pair may be.
 * @param {Pair[]} pairs
 * @param {string[]} others sentences of other datasets, not compared with one another
 */
export function leaks(pairs, others) {
  const texts = [...pairs.flatMap(({ sentence1, sentence2 }) => [sentence1, sentence2]), ...others];
  const ofPairs = 2 * pairs.length;
  const inOnePair = (/** @type {number} */ a, /** @type {number} */ b) => a >> 1 === b >> 1;
  // The first of the two always comes earlier, so it is a pair's unless both are others'.
  return nearDuplicates(texts, (a, b) => a < ofPairs && !inOnePair(a, b));
}

/**
 * @param {Pair[]} pairs
 * @param {string[]} others as in leaks
 * @throws {Error} saying what does not hold
 */
export function checkPairs(pairs, others) {
  refuseDuplicates(leaks(pairs, others));
  const equivalent = pairs.filter(({ label }) => label === 1).length / pairs.length;
  if (equivalent < balance.least || equivalent > balance.most)
    throw new Error(
      `expected ${balance.least} to ${balance.most} of the pairs to be equivalent, found ${equivalent}`,
    );
  const accuracy = accuracyOf(pairs, bestRule(pairs));
  if (accuracy >= overlapLimit)
    throw new Error(
      `a threshold on shared words tells ${accuracy} of the pairs apart; expected less than ${overlapLimit}. ` +
        "Write equivalent pairs and others that share as many words as each other",
    );
}
