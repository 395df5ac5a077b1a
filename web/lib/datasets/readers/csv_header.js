// The names of a CSV file's columns, as pandas reads them from the header line.
import { TunelabError } from "../../core/errors.js";

/**
 * Columns without a name are "Unnamed: 0" and so on by their place; of several of one name the second is "a.1".
 * @param {readonly string[] | undefined} cells of the header line; none: there is no line
 * @param {string} location for messages
 * @returns {string[]} each another
 */
export function column_names_of(cells, location) {
  if (!cells)
    throw new TunelabError(
      `${location} is empty; expected a header line with the columns' names`,
      "TL_ERR_FORMAT",
    );
  const names = cells.map((cell, i) => (cell === "" ? `Unnamed: ${i}` : cell));
  const taken = new Set(names);
  const seen = new Set();
  return names.map((name) => {
    let unique = name;
    for (let i = 1; seen.has(unique) || (unique !== name && taken.has(unique)); ++i)
      unique = `${name}.${i}`;
    seen.add(unique);
    return unique;
  });
}
