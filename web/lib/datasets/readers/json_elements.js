// The elements of a JSON list as texts, cut out as the text streams.
import { TunelabError } from "../../core/errors.js";
import { MOST_HELD } from "./text_pieces.js";

/** What matters outside of strings, and the end of a string. */
const OUTSIDE = /["[\]{},]/g;
const STRING_END = /["\\]/g;

/**
 * @param {AsyncIterable<string>} pieces a list, perhaps after spaces
 * @param {string} location for messages
 * @returns {AsyncGenerator<string>} each element's text, in order
 * @throws {TunelabError} TL_ERR_FORMAT where the list does not end
 */
export async function* json_elements(pieces, location) {
  let held = "";
  let [at, start, depth] = [0, 0, 0];
  let in_string = false;
  for await (const piece of pieces) {
    held += piece;
    if (held.length > MOST_HELD)
      throw new TunelabError(
        `${location} has a row of more than ${MOST_HELD >> 20} MB`,
        "TL_ERR_FORMAT",
      );
    for (;;) {
      const pattern = in_string ? STRING_END : OUTSIDE;
      pattern.lastIndex = at;
      const found = pattern.exec(held);
      if (!found) {
        at = held.length;
        break;
      }
      const character = found[0];
      // An escape needs the character after it, which may come with the next piece.
      if (character === "\\" && found.index + 1 === held.length) {
        at = found.index;
        break;
      }
      at = found.index + (character === "\\" ? 2 : 1);
      if (character === '"') in_string = !in_string;
      else if (character === "[" || character === "{") {
        if (++depth === 1) start = at;
      } else if (character !== "\\") {
        const closes = character !== ",";
        if (depth === 1) {
          const element = held.slice(start, found.index);
          if (element.trim() !== "" || !closes) yield element;
          start = at;
        }
        if (closes && --depth === 0) {
          await check_end(held.slice(at), pieces, location);
          return;
        }
      }
    }
    held = held.slice(start);
    at -= start;
    start = 0;
  }
  throw new TunelabError(`${location} is not JSON: its list does not end`, "TL_ERR_FORMAT");
}

/** @param {string} rest @param {AsyncIterable<string>} pieces @param {string} location */
async function check_end(rest, pieces, location) {
  let after = rest.trim();
  for await (const piece of pieces) after += piece.trim();
  if (after !== "")
    throw new TunelabError(
      `${location} is not JSON: after its list it goes on with ${JSON.stringify(after.slice(0, 20))}`,
      "TL_ERR_FORMAT",
    );
}
