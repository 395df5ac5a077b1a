// Entry of the jax-js peer: a classic Worker that times its product on the WASM backend. Posted {threads, steps}, it
// answers with {figure} messages and then {done: true} or {error}.
(() => {
  /** @type {any} */
  const worker = globalThis;
  const library = "../node_modules/@jax-js/jax/dist/index.js";

  /** @param {{threads?: number, steps?: number}} job */
  async function run({ threads = 2, steps = 5 }) {
    // The library starts as many workers as it sees cores.
    Object.defineProperty(navigator, "hardwareConcurrency", { value: threads });
    const { measure_products } = await import("../timing.js");
    const { defaultDevice, init, numpy: np } = await import(library);
    await init("wasm");
    defaultDevice("wasm");
    const matrix = (/** @type {number} */ rows, /** @type {number} */ columns) => {
      const values = Float32Array.from({ length: rows * columns }, () => 2 * Math.random() - 1);
      return np.array(values).reshape([rows, columns]);
    };
    const make = (/** @type {number} */ M, /** @type {number} */ N, /** @type {number} */ K) => {
      const x = matrix(M, K);
      const w = matrix(K, N);
      return {
        // `.ref`, for an operation takes what it is given.
        work: async () => (await np.matmul(x.ref, w.ref).blockUntilReady()).dispose(),
        end: () => [x, w].forEach((array) => array.dispose()),
      };
    };
    const report = (/** @type {object} */ figure) => worker.postMessage({ figure });
    await measure_products("jax-js", threads, steps, make, report);
  }

  worker.onmessage = async (/** @type {MessageEvent} */ { data }) => {
    try {
      await run(data);
      worker.postMessage({ done: true });
    } catch (error) {
      worker.postMessage({
        error: (error instanceof Error ? error.message : String(error)).split("\n")[0],
      });
    }
  };
})();
