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

/**
 * Every pair of texts at or above the threshold.
 * @param {string[]} texts
 * @returns {[string, string][]}
 */
export function nearDuplicates(texts) {
  const sets = texts.map(wordsOf);
  /** @type {[string, string][]} */
  const pairs = [];
  for (let i = 0; i < texts.length; i++) {
    for (let j = 0; j < i; j++) {
      if (similarity(sets[i], sets[j]) >= threshold) pairs.push([texts[j], texts[i]]);
    }
  }
  return pairs;
}
