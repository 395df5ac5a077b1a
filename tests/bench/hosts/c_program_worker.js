// Runs one of the C benchmark programs in a worker, as page.js asks: each JSON line that it prints is a figure.

/** @type {any} the global scope, with importScripts and the Module that Emscripten's script looks for */
const scope = globalThis;

/** Firefox, driven from outside, now and then never starts one of several workers; the host then tries again. */
const START_MILLISECONDS = 30000;

/** @param {MessageEvent<{program: string, arguments: string[]}>} event program: the script's address */
scope.onmessage = ({ data }) => {
  const program = new URL(data.program, location.href).href;
  /** @type {string[]} */
  const complaints = [];
  const fail = (/** @type {string} */ what) =>
    scope.postMessage({ error: `${what}: ${complaints.join(" ")}` });
  const stalled = setTimeout(
    () => scope.postMessage({ error: "did not start" }),
    START_MILLISECONDS,
  );
  scope.Module = {
    pthreadPoolSize: 1, // no suite asks for more than two threads
    onRuntimeInitialized: () => clearTimeout(stalled),
    arguments: data.arguments,
    mainScriptUrlOrBlob: program, // what threads load
    locateFile: (/** @type {string} */ name) => new URL(name, program).href,
    print: (/** @type {string} */ line) => scope.postMessage({ figure: JSON.parse(line) }),
    printErr: (/** @type {string} */ line) => complaints.push(line),
    onAbort: (/** @type {unknown} */ what) => fail(`aborted, ${what}`),
    onExit: (/** @type {number} */ status) =>
      status === 0 ? scope.postMessage({ done: true }) : fail(`exit code ${status}`),
  };
  scope.importScripts(program);
};
