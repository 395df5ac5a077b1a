// What a download tells of itself: transformers.js's progress events.

/**
 * "initiate" (a file is wanted), "download" (its bytes begin to come), "progress", "done", "wait" (the Hub asked for
 * patience, or the connection broke), and "ready" once what the files make is there. `loaded` and
 * `total` are bytes, `progress` is in percent.
 * @typedef {object} ProgressEvent
 * @property {"initiate" | "download" | "progress" | "done" | "wait" | "ready"} status
 * @property {string} name the repository
 * @property {string} [file]
 * @property {number} [loaded]
 * @property {number} [total]
 * @property {number} [progress]
 * @property {number} [seconds] of a wait
 * @property {string} [reason] for a wait
 */

/** @typedef {(event: ProgressEvent) => void} ProgressCallback */

/** Milliseconds between two events of progress. */
const INTERVAL = 50;

/**
 * A function that tells `receive` how many bytes are there, not more often than an eye can follow.
 * @param {ProgressCallback} receive
 * @param {{name: string, file: string}} what
 * @param {number} total bytes
 * @returns {(loaded: number) => void}
 */
export function byte_progress(receive, what, total) {
  let last = -Infinity;
  return (loaded) => {
    const now = performance.now();
    if (loaded < total && now - last < INTERVAL) return;
    last = now;
    const progress = total === 0 ? 100 : (100 * loaded) / total;
    receive({ status: "progress", ...what, loaded, total, progress });
  };
}
