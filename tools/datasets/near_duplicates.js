// Finds sentences that say nearly the same thing in the same words, which would leak from one split into another.

/** From this share of common words on, two sentences count as one. */
export const threshold = 0.7;

/**
 * The distinct words of a text: lower case, without accents or punctuation, apostrophes kept.
 * @param {string} text
 * @returns {Set<string>}
 */
export function wordsOf(text) {
  const plain = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return new Set(plain.match(/[\p{L}\p{N}']+/gu) ?? []);
}

/**
 * Words in common over words in all (the Jaccard index): 1 for the same words in any order, 0 for none in common.
 * @param {Set<string>} a
 * @param {Set<string>} b
 */
export function similarity(a, b) {
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  const all = a.size + b.size - common;
  return all === 0 ? 1 : common / all;
}

/** @param {Set<string>} a @param {Set<string>} b */
function alike(a, b) {
  // Even if all of the smaller set were in the larger one: most pairs need no more than their sizes.
  if (Math.min(a.size, b.size) < threshold * Math.max(a.size, b.size)) return false;
  return similarity(a, b) >= threshold;
}

/**
 * Every pair of texts at or above the threshold.
 * @param {string[]} texts
 * @param {(a: number, b: number) => boolean} [comparable] whether the texts at two places may not be alike; all
 *   may not unless it says otherwise
 * @returns {[string, string][]}
 */
export function nearDuplicates(texts, comparable = () => true) {
  const sets = texts.map(wordsOf);
  /** @type {[string, string][]} */
  const pairs = [];
  for (let i = 0; i < texts.length; i++) {
    for (let j = 0; j < i; j++) {
      if (comparable(j, i) && alike(sets[i], sets[j])) pairs.push([texts[j], texts[i]]);
    }
  }
  return pairs;
}

/**
 * @param {[string, string][]} duplicates
 * @throws {Error} listing them, if there are any
 */
export function refuseDuplicates(duplicates) {
  if (duplicates.length === 0) return;
  const list = duplicates.map(([a, b]) => `  ${a}\n  ${b}`).join("\n\n");
  throw new Error(`Sentences are too alike; reword one of each pair:\n${list}`);
}
