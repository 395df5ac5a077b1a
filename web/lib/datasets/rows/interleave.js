// Which dataset the rows come from, in turns or at random, when several become one.
import { TunelabError } from "../../core/errors.js";
import { default_rng } from "../../numpy/random_generator.js";

/**
 * @typedef {"first_exhausted" | "all_exhausted" | "all_exhausted_without_replacement"} Strategy when
 *   to stop: as one dataset has run out; as each has been gone through, shorter ones again and
 *   again; as every row was taken once
 */

/** Draws at a time, as the datasets library makes them. */
const BLOCK = 1000;

/** Numbers of datasets, in turns. @param {number} count @returns {Generator<number>} */
function* in_turns(count) {
  for (;;) for (let source = 0; source < count; ++source) yield source;
}

/**
 * Numbers of datasets, drawn.
 * @param {readonly number[]} probabilities
 * @param {number | null | undefined} seed
 * @returns {Generator<number>}
 */
export function* at_random(probabilities, seed) {
  const generator = default_rng(seed);
  for (;;) yield* generator.weighted_choice(probabilities, BLOCK);
}

/**
 * @param {readonly number[]} lengths
 * @param {readonly number[]} probabilities
 * @param {Strategy} strategy
 */
function check_probabilities(lengths, probabilities, strategy) {
  if (probabilities.length !== lengths.length)
    throw new TunelabError(
      `there are ${lengths.length} datasets but ${probabilities.length} probabilities; expected one for each`,
    );
  const never = probabilities.flatMap((p, i) => (p > 0 ? [] : [i]));
  const empty = lengths.flatMap((length, i) => (length === 0 && probabilities[i] > 0 ? [i] : []));
  if (empty.length > 0 && strategy !== "all_exhausted_without_replacement")
    throw new TunelabError(
      `interleave_datasets with probabilities requires every dataset that can be sampled (probability > 0) to be non-empty; datasets at indices ${empty.join(", ")} are empty.`,
    );
  if (never.length > 0 && strategy !== "first_exhausted")
    throw new TunelabError(
      `interleave_datasets with stopping_strategy="${strategy}" cannot exhaust a dataset that is never sampled; datasets at indices ${never.join(", ")} have probability 0.`,
    );
}

/**
 * @param {readonly number[]} lengths of the datasets
 * @param {{probabilities?: readonly number[] | null, seed?: number | null, stopping_strategy?: Strategy}}
 *   options without probabilities, datasets come in turns
 * @returns {Int32Array} row numbers in the datasets put one after the other
 * @throws {TunelabError} for probabilities by which it would never end
 */
export function interleaved_rows(
  lengths,
  { probabilities = null, seed, stopping_strategy: strategy = "first_exhausted" },
) {
  if (!["first_exhausted", "all_exhausted", "all_exhausted_without_replacement"].includes(strategy))
    throw new TunelabError(
      `${strategy} stopping strategy in interleave_datasets is not implemented yet with a list of datasets`,
    );
  if (probabilities) check_probabilities(lengths, probabilities, strategy);
  else if (lengths.some((length) => length === 0) && strategy === "first_exhausted")
    return new Int32Array(0);
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, each) => sum + each, 0));
  const taken = lengths.map(() => 0);
  const done = lengths.map((length) => length === 0);
  const rows = [];
  const sources = probabilities ? at_random(probabilities, seed) : in_turns(lengths.length);
  const once = strategy === "all_exhausted_without_replacement";
  const is_over = () => (strategy === "first_exhausted" ? done.some(Boolean) : done.every(Boolean));
  for (const source of sources) {
    // Turns are taken in whole rounds; draws end with the row that exhausts.
    if ((probabilities || source === 0) && is_over()) break;
    if (lengths[source] === 0 || (once && done[source])) continue;
    rows.push(starts[source] + (taken[source] % lengths[source]));
    taken[source] += 1;
    done[source] ||= taken[source] >= lengths[source];
  }
  return Int32Array.from(rows);
}
