// Entry of the TensorFlow.js peer: a classic Worker, so that it may load the library's scripts. Posted one object (see
// README.md), it answers with {figure} messages and then {done: true} or {error}.
(() => {
  /** @type {any} */
  const worker = globalThis;
  // The library starts at most half as many threads as it sees cores; told of four, it starts the two asked for.
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 4 });
  const modules = "../node_modules/@tensorflow";
  worker.importScripts(
    `${modules}/tfjs-core/dist/tf-core.min.js`,
    // Brings the operations' gradients, which the core's script leaves out.
    `${modules}/tfjs-layers/dist/tf-layers.min.js`,
    `${modules}/tfjs-backend-wasm/dist/tf-backend-wasm.min.js`,
  );
  const folder = new URL(`${modules}/tfjs-backend-wasm/dist/`, worker.location.href);
  worker.tf.wasm.setWasmPaths(folder.href);
  worker.onmessage = async (/** @type {MessageEvent} */ { data }) => {
    try {
      const { run } = await import("./run.js");
      await run(data, (figure) => worker.postMessage({ figure }));
      worker.postMessage({ done: true });
    } catch (error) {
      worker.postMessage({
        error: (error instanceof Error ? error.message : String(error)).split("\n")[0],
      });
    }
  };
})();
