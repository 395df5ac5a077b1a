// Starts the worker that page.html?worker=URL names (&type=module for a module worker), hands it its arguments, and
// collects what it measured.
//
// The contract: the worker is posted one object of arguments; it posts {figure: {…}} for each figure, then {done: true}
// or {error: "one line"}. One that posts {alive: true} now and then is given up when it no longer does.

/** Milliseconds without a sign of life. */
const SILENCE_LIMIT = 20_000;

/**
 * @param {object} args
 * @returns {Promise<object[]>} the figures, in the order they came
 */
function run_worker(args) {
  const query = new URLSearchParams(location.search);
  const url = query.get("worker") ?? "";
  return new Promise((resolve, reject) => {
    const type = query.get("type") === "module" ? "module" : "classic";
    const worker = new Worker(url, { type });
    /** @type {object[]} */
    const figures = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let silence;
    worker.onmessage = ({ data }) => {
      clearTimeout(silence);
      if (data.alive) silence = setTimeout(() => reject(new Error("SILENT")), SILENCE_LIMIT);
      if (data.figure) figures.push(data.figure);
      if (data.done) resolve(figures);
      if (data.error) reject(new Error(data.error));
    };
    worker.onerror = ({ message, filename, lineno }) =>
      reject(new Error(`${message ?? "could not be loaded"} (${filename || url}:${lineno ?? 0})`));
    worker.postMessage(args);
  });
}

Object.assign(globalThis, { run_worker });
