// Divides a dataset's rows into train, validation and test by their texts' hashes, each class in the same proportion.
import { createHash } from "node:crypto";

/** How much of each class goes to validation, and as much again to test. */
const heldOut = 0.15;

/**
 * Divides the rows so that every split has the classes in the same proportion, mixed. A row's split and place follow
 * from its text's hash alone, so a new row moves hardly any other.
 * @template {{label: number}} Row
 * @param {Row[]} rows
 * @param {number} classes how many there are; labels count from 0
 * @param {(row: Row) => string} textOf what no other row has
 * @returns {{train: Row[], validation: Row[], test: Row[]}}
 */
export function splitByHash(rows, classes, textOf) {
  const hashed = rows.map((row) => ({
    row,
    hash: createHash("sha256").update(textOf(row)).digest("hex"),
  }));
  const ofClass = Array.from({ length: classes }, (_, label) =>
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
