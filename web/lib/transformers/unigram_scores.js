// The scores of a Unigram vocabulary as the tokenizers library has them after reading a tokenizer.json.

/** @typedef {Record<string, any>} Fields */

/**
 * A decimal number as serde_json reads it (without its feature float_roundtrip): the digits as a whole number,
 * times or through a power of ten, so often one bit beside the nearest double. Scores that nearly tie fall by
 * that bit.
 * @param {number} value
 */
export function as_serde_reads(value) {
  if (!Number.isFinite(value) || value === 0) return value;
  const [mantissa, exponent] = value.toExponential().split("e");
  const [whole, decimals = ""] = mantissa.split(".");
  const digits = Number(`${whole}${decimals}`);
  const power = Number(exponent) - decimals.length;
  if (power >= 0) return digits * Number(`1e${power}`);
  // Powers beyond 308 are taken in two steps.
  return power < -308
    ? digits / 1e308 / Number(`1e${-power - 308}`)
    : digits / Number(`1e${-power}`);
}

/**
 * The fields of a tokenizer.json that is taken as it is. Classes that build their tokenizer anew have its scores
 * from Python's reader of JSON, which is exact.
 * @param {Fields} json
 * @returns {Fields}
 */
export function with_serde_scores(json) {
  const { model } = json;
  if (model?.type !== "Unigram" || !Array.isArray(model.vocab)) return json;
  const vocab = model.vocab.map((/** @type {any} */ entry) =>
    Array.isArray(entry) && typeof entry[1] === "number"
      ? [entry[0], as_serde_reads(entry[1])]
      : entry,
  );
  return { ...json, model: { ...model, vocab } };
}
