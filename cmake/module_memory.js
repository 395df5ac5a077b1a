// Linked into tunelab.mjs: gives JavaScript the WebAssembly memory. Its buffer is replaced (or, when shared, grows) as the
// core allocates, so views are to be made from `module.memory().buffer` after calls that may allocate.
Module["memory"] = () => wasmMemory;
