// The library's log: warnings and notes for people, with Python's level names; silent, or elsewhere
// than stderr, on request.

/** @typedef {"debug" | "info" | "warning" | "error" | "silent"} Verbosity */

const LEVELS = /** @type {const} */ ({ debug: 10, info: 20, warning: 30, error: 40, silent: 100 });

/** @type {Verbosity} */
let verbosity = "warning";

/** @param {string} text */
const to_stderr = (text) => console.warn(text);

/** @type {(text: string, level: Verbosity) => void} */
let sink = to_stderr;

/** @param {Verbosity} level @param {string} text */
function emit(level, text) {
  if (LEVELS[level] >= LEVELS[verbosity]) sink(text, level);
}

const told = new Set();

export const logger = {
  /** @param {string} text */
  info: (text) => emit("info", text),
  /** @param {string} text */
  warning: (text) => emit("warning", text),
  /**
   * Warns once in the life of the process about what `text` says.
   * @param {string} text
   */
  warning_once: (text) => {
    if (!told.has(text)) emit("warning", text);
    told.add(text);
  },
};

/**
 * The least level that is shown; "silent" shows nothing. "warning" at first, as in transformers.
 * @param {Verbosity} level
 */
export function set_verbosity(level) {
  verbosity = level;
}

/** @returns {Verbosity} */
export function get_verbosity() {
  return verbosity;
}

/**
 * Sends the log elsewhere (to a page, into a test); without an argument back to stderr, or the
 * console of a page.
 * @param {(text: string, level: Verbosity) => void} [receiver]
 */
export function set_log_sink(receiver = to_stderr) {
  sink = receiver;
}
