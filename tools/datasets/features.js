// A dataset's columns as the datasets library describes them, and how a column of each kind is stored and counted.

/**
 * @typedef {{dtype: "string" | "int32", _type: "Value"} | {names: string[], _type: "ClassLabel"}} Feature
 * @typedef {Record<string, Feature>} Features by the columns' names, in their order
 * @typedef {Record<string, string | number>} Row a value for every column
 */

/**
 * What differs from kind to kind: the Parquet type, a value as its writer takes it, and the bits of a value in memory
 * (a text has a 4-byte offset, a number a bit that says whether it is null).
 * @type {Record<string, {type: "STRING" | "INT32" | "INT64", stored: (value: any) => any,
 *   bits: (value: any) => number}>}
 */
const kinds = {
  string: {
    type: "STRING",
    stored: (text) => text,
    bits: (text) => 8 * (Buffer.byteLength(text) + 4),
  },
  int32: { type: "INT32", stored: (number) => number, bits: () => 32 + 1 },
  ClassLabel: { type: "INT64", stored: BigInt, bits: () => 64 + 1 },
};

/** @param {Feature} feature */
const kindOf = (feature) => kinds[feature._type === "Value" ? feature.dtype : feature._type];

/**
 * @param {Features} features
 * @param {Row[]} rows
 */
export const parquetColumns = (features, rows) =>
  Object.entries(features).map(([name, feature]) => {
    const { type, stored } = kindOf(feature);
    // Nullable, as the datasets library writes columns: it takes the features from files with such columns only.
    return { name, data: rows.map((row) => stored(row[name])), type, nullable: true };
  });

/**
 * The rows' size as the datasets library counts a split in memory: column by column, in whole bytes.
 * @param {Features} features
 * @param {Row[]} rows
 */
export function bytesInMemory(features, rows) {
  const sizes = Object.entries(features).map(([name, feature]) => {
    const { bits } = kindOf(feature);
    return Math.ceil(rows.reduce((sum, row) => sum + bits(row[name]), 0) / 8);
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * @param {Features} features
 * @returns {string[]} the lines of a card's `features`, to be indented
 */
export const featureLines = (features) =>
  Object.entries(features).flatMap(([name, feature]) => [
    `- name: ${name}`,
    ...(feature._type === "Value"
      ? [`  dtype: ${feature.dtype}`]
      : [
          "  dtype:",
          "    class_label:",
          "      names:",
          ...feature.names.map((className, label) => `        '${label}': ${className}`),
        ]),
  ]);
