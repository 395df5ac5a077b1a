// Builds the core as WebAssembly: `node tools/build.js [build…]`, all four builds by default, into build/wasm/<build>/;
// `host` stands for the two that this Node.js runs best. Incremental, and silent when there is nothing to do.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { relaxedSimd } from "wasm-feature-detect";
import { must, root } from "./command.js";

/** The four builds: relaxed SIMD or plain, threads or one. */
export const wasmBuilds = ["relaxed-threads", "relaxed", "simd-threads", "simd"];

/**
 * Configures a preset if that was not done yet, and builds it.
 *
 * @param {string} preset a name in CMakePresets.json
 * @param {string} folder its build folder
 * @param {string[]} [targets] all by default
 */
export async function buildPreset(preset, folder, targets = []) {
  if (!existsSync(join(root, folder, "build.ninja"))) {
    await must(`Configuring ${preset}`, "cmake", ["--preset", preset]);
  }
  const chosen = targets.length ? ["--target", ...targets] : [];
  await must(`Building ${preset}`, "cmake", ["--build", "--preset", preset, ...chosen]);
}

/**
 * Builds the modules tunelab.mjs and tunelab.wasm.
 *
 * @param {string[]} builds
 */
export async function buildModules(builds) {
  const first = builds.some((name) => !existsSync(join(root, "build/wasm", name, "tunelab.wasm")));
  const message = first ? "Building the core (first time, about a minute)…" : "Building the core…";
  // When all is up to date this takes well under a second or two, and nothing is said.
  const timer = setTimeout(() => console.log(message), first ? 0 : 2000);
  try {
    for (const name of builds) {
      await buildPreset(`wasm-${name}`, `build/wasm/${name}`, ["tunelab_module"]);
    }
  } finally {
    clearTimeout(timer);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const kind = (await relaxedSimd()) ? "relaxed" : "simd";
  const builds = process.argv
    .slice(2)
    .flatMap((name) => (name === "host" ? [`${kind}-threads`, kind] : name));
  const unknown = builds.find((name) => !wasmBuilds.includes(name));
  try {
    if (unknown) throw new Error(`No build "${unknown}". There are: ${wasmBuilds.join(", ")}.`);
    await buildModules(builds.length ? builds : wasmBuilds);
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
