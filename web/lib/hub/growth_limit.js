// How far what was packed may grow: a limit against files and answers made to fill memory or disk.
import { TunelabError } from "../core/errors.js";

/** What is unpacked without a question. */
const FREE_BYTES = 64 * 2 ** 20;

/** Beyond that, how many times the packed size; text packs to a third or a tenth, rarely to a fiftieth. */
const MOST_RATIO = 200;

/**
 * @param {number} bytes unpacked so far
 * @param {number} packed_bytes of which they came
 * @throws {TunelabError} TL_ERR_FORMAT, a sentence about "it"
 */
export function check_growth(bytes, packed_bytes) {
  if (bytes > FREE_BYTES && bytes > MOST_RATIO * packed_bytes)
    throw new TunelabError(
      `it grows to more than ${MOST_RATIO} times its size; no table does`,
      "TL_ERR_FORMAT",
    );
}
