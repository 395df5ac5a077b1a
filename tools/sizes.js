// What a page downloads to have the core: each build's WebAssembly and glue, gzipped. `node tools/sizes.js` prints them.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { wasmBuilds } from "./build.js";
import { root } from "./command.js";

/** The budget of a build, in bytes. */
export const startUpLimit = 250_000;

/** @param {string[]} paths @returns {number} bytes, each file gzipped by itself as a server sends it */
const gzipped = (paths) =>
  paths
    .map((path) => gzipSync(readFileSync(join(root, path)), { level: 9 }).length)
    .reduce((sum, bytes) => sum + bytes, 0);

/** @param {string} pattern */
const files = (pattern) => globSync(pattern, { cwd: root }).sort();

/**
 * Bytes of every build. `glue` is all that loads the WebAssembly and calls it: Emscripten's tunelab.mjs, web/lib/core, and
 * the package that finds out which build a host runs. `library` is the rest of web/lib, without its packages.
 *
 * @returns {{build: string, wasm: number, glue: number, total: number, library: number}[]}
 */
export function buildSizes() {
  const core = files("web/lib/core/*.js");
  const loader = gzipped([...core, "node_modules/wasm-feature-detect/dist/esm/index.js"]);
  const library = gzipped(files("web/lib/**/*.js").filter((path) => !core.includes(path)));
  return wasmBuilds.map((build) => {
    const wasm = gzipped([`build/wasm/${build}/tunelab.wasm`]);
    const glue = loader + gzipped([`build/wasm/${build}/tunelab.mjs`]);
    return { build, wasm, glue, total: wasm + glue, library };
  });
}

/** One line for each build. */
export function sizeLines() {
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  return buildSizes().map(
    ({ build, wasm, glue, total, library }) =>
      `${build.padEnd(16)} ${kilobytes(total)} gzipped: WebAssembly ${kilobytes(wasm)}, glue ${kilobytes(glue)}; ` +
      `the rest of the library ${kilobytes(library)}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(sizeLines().join("\n"));
