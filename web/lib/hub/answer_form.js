// What is read of an answer of JSON. A server that is no Hub, or a changed one, ends in one line.
import { TunelabError } from "../core/errors.js";
import { HubError } from "./hub_error.js";

/**
 * @template T
 * @param {string} name of what was asked for
 * @param {() => T} read takes what is needed out of the answer; it may take its form for granted
 * @returns {T}
 * @throws {HubError} "server" if `read` fails
 */
export function in_form(name, read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof TunelabError) throw error;
    throw new HubError(
      "server",
      `the answer for ${name} is not in the form of the Hub's; is HF_ENDPOINT a Hub?`,
      { cause: error },
    );
  }
}
