// Which objects of the library a piece of work called, and with which options. A function's captured
// variables cannot be read in JavaScript; what it calls can be seen.

/**
 * An object that was called, and the different options it was called with.
 * @typedef {Map<object, object[]>} Uses
 */

/** @type {Set<Uses>} what is being recorded now, most often nothing */
const recording = new Set();

/**
 * Tells whoever records that an object was called. Objects whose results depend on nothing but
 * themselves, their options and the data call this.
 * @param {object} object
 * @param {object} options
 */
export function note_use(object, options) {
  for (const uses of recording) {
    const known = uses.get(object);
    if (known) known.push(options);
    else uses.set(object, [options]);
  }
}

/**
 * Runs work and tells what it called.
 * @template T
 * @param {() => T | Promise<T>} work
 * @returns {Promise<{result: T, uses: Uses}>}
 */
export async function record_uses(work) {
  /** @type {Uses} */
  const uses = new Map();
  recording.add(uses);
  try {
    return { result: await work(), uses };
  } finally {
    recording.delete(uses);
  }
}
