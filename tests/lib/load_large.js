// Loads a model folder (or address) and prints the memory that took: run by loading_memory.test.js with --expose-gc, a
// process for each, because a process's peak never falls.
import { AutoModelForSequenceClassification } from "../../web/lib/index.js";
import { start_core } from "./support.js";

// What came from the network is garbage until it is collected, which V8 puts off for a hundred megabytes.
setInterval(globalThis.gc, 20).unref();
const core = await start_core({ threads: 2 });
const wasm_before = core.module.memory().buffer.byteLength;
const before = process.memoryUsage().rss;
await AutoModelForSequenceClassification.from_pretrained(process.argv[2]);
const core_bytes = core.module.memory().buffer.byteLength - wasm_before;
const peak = process.resourceUsage().maxRSS * 1024; // in kilobytes
console.log(JSON.stringify({ core_bytes, beside_bytes: peak - before - core_bytes }));
