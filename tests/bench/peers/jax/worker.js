// Entry of the jax-js peer: a classic Worker that times its product on the WASM backend. Posted one object (see
// README.md), it answers with {figure} messages and then {done: true} or {error}.
(() => {
  /** @type {any} */
  const worker = globalThis;
  const library = "../node_modules/@jax-js/jax/dist/index.js";

  /** @param {{threads?: number, steps?: number, shapes: import("../timing.js").Shape[]}} job */
  async function run({ threads = 2, steps = 5, shapes }) {
    // The library starts as many workers as it sees cores.
    Object.defineProperty(navigator, "hardwareConcurrency", { value: threads });
    const { measure_products } = await import("../timing.js");
    const { defaultDevice, init, numpy: np } = await import(library);
    await init("wasm");
    defaultDevice("wasm");
    const make = (/** @type {number} */ rows, /** @type {number} */ columns) => {
      const values = Float32Array.from({ length: rows * columns }, () => 2 * Math.random() - 1);
      return np.array(values).reshape([rows, columns]);
    };
    // `.ref`, for an operation takes what it is given.
    const multiply = async (/** @type {any} */ x, /** @type {any} */ w) =>
      (await np.matmul(x.ref, w.ref).blockUntilReady()).dispose();
    await measure_products(shapes, steps, make, multiply, (figure) =>
      worker.postMessage({ figure }),
    );
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
