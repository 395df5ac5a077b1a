// Shows how far a dataset is tokenized.

/**
 * A progress_callback for map.
 * @param {import("./terminal.js").Terminal} terminal
 * @returns {(event: import("../lib/datasets/mapping/map_options.js").ProgressEvent) => void}
 */
export function map_display(terminal) {
  const begun = performance.now();
  return ({ status, loaded, total }) => {
    if (status === "done") return terminal.done();
    const rate = (1000 * loaded) / (performance.now() - begun);
    terminal.progress({ label: "tokenizing", done: loaded, total, rate, unit: "rows" });
  };
}
