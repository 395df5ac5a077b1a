// The one kind of error this library throws on purpose: a sentence for people and the core's status
// name.

/**
 * @typedef {"TL_ERR_ARGUMENT" | "TL_ERR_MEMORY" | "TL_ERR_FORMAT" | "TL_ERR_UNSUPPORTED" |
 *   "TL_ERR_MISMATCH" | "TL_ERR_NUMERIC"} StatusName
 */

/**
 * What went wrong, what was expected and what to do, in one line. `status` is the name of the
 * core's status code, also where the library itself found the fault: TL_ERR_ARGUMENT for a wrong
 * argument, TL_ERR_FORMAT for a file that is not what it claims to be, and so on
 * (include/tunelab/api.h).
 */
export class TunelabError extends Error {
  /**
   * @param {string} message
   * @param {StatusName} [status]
   * @param {unknown} [cause] the error behind this one, if any
   */
  constructor(message, status = "TL_ERR_ARGUMENT", cause = undefined) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "TunelabError";
    this.status = status;
  }
}

/**
 * What was caught, as one line of text.
 * @param {unknown} error
 */
export function error_text(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * An error of the library with the file it is about before its sentence; others as they are. Where the
 * sentence begins with the file's bare name, the location takes its place.
 * @param {unknown} error
 * @param {string} location
 */
export function located(error, location) {
  if (!(error instanceof TunelabError)) return error;
  const name = String(location.split("/").at(-1));
  const [first] = error.message.split(/:? /, 1);
  const sentence = first === name ? error.message.slice(name.length) : `: ${error.message}`;
  return new TunelabError(`${location}${sentence}`, error.status, error);
}
