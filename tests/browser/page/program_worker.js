// Runs a program, a module that exports `run(args)`, in a dedicated worker, as page.js asks: its result is the one figure.
// Tells every second that it still gets its turn.

/** @type {any} the worker's global scope */
const scope = globalThis;

/** @param {MessageEvent<{program: string, args: object}>} event program: the module's address */
scope.onmessage = async ({ data }) => {
  scope.postMessage({ alive: true });
  setInterval(() => scope.postMessage({ alive: true }), 1000);
  try {
    const { run } = await import(data.program);
    scope.postMessage({ figure: { value: await run(data.args) } });
    scope.postMessage({ done: true });
  } catch (error) {
    scope.postMessage({ error: String(/** @type {Error} */ (error)?.stack ?? error) });
  }
};

export {}; // a module, whose names are its own
