// Shows what comes from the Hub: a bar where there is a screen, else a line for each large file.

/** @typedef {import("../lib/hub/progress.js").ProgressEvent} ProgressEvent */

/** Files of less are there before a line about them is read. */
const LARGE = 5e6;

/**
 * A progress_callback for from_pretrained and load_dataset.
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {(event: ProgressEvent) => void}
 */
export function download_display(terminal) {
  /** When each file began to come, and what of it was there then. @type {Map<string, {at: number, from: number}>} */
  const begun = new Map();
  return ({ status, name, file, loaded = 0, total = 0 }) => {
    const key = `${name} ${file}`;
    if (status === "done") {
      terminal.done();
      begun.delete(key);
    }
    if (status !== "progress") return;
    const first = begun.get(key) ?? { at: performance.now(), from: loaded };
    if (!begun.has(key)) {
      begun.set(key, first);
      if (total >= LARGE && !terminal.has_screen)
        terminal.note(`downloading ${file} of ${name}, ${megabytes(total)} MB`);
    }
    const seconds = (performance.now() - first.at) / 1000;
    terminal.progress({
      label: `downloading ${file}`,
      done: loaded,
      total,
      rate: seconds > 0 ? (loaded - first.from) / seconds : 0,
      unit: "MB",
    });
  };
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
