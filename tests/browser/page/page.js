// Starts the worker that page.html?worker=URL names (&type=module for a module worker), hands it its arguments, and
// collects what it measured.
//
// The contract: the worker is posted one object of arguments; it posts {figure: {…}} for each figure, then {done: true}
// or {error: "one line"}.

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
    worker.onmessage = ({ data }) => {
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
