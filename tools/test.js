// `npm test`: every check of the project, part by part. `node tools/test.js lint fuzz` runs only those parts.
import { globSync } from "node:fs";
import { buildModules, buildPreset, wasmBuilds } from "./build.js";
import { jobs, root, run } from "./command.js";
import { fuzz, fuzzMissing } from "./fuzz.js";
import { checks } from "./lint.js";
import { sizeLines } from "./sizes.js";

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/** @type {Record<string, {title: string, test: () => Promise<Counts>}>} in the order they run */
const parts = {
  lint: { title: "Formatting, static analysis, types", test: lint },
  structure: { title: "Structure of the source tree", test: () => nodeTests("tests/structure") },
  native: {
    title: "C tests under AddressSanitizer and UndefinedBehaviorSanitizer",
    test: () => cTests("native-debug", "build/native-debug"),
  },
  wasm: {
    title: "C tests as WebAssembly, with relaxed SIMD and threads, and with neither",
    test: wasm,
  },
  fuzz: { title: "Readers of foreign files, fuzzed under the sanitizers", test: fuzzReaders },
  hub: { title: "The stand-in Hub", test: () => nodeTests("tests/hub") },
  lib: { title: "The JavaScript library and the terminal program", test: library },
  browser: { title: "The library in Chromium and Firefox", test: browsers },
};

/** @returns {Promise<Counts>} */
async function lint() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, missing, check } of checks) {
    if (missing) {
      console.log(`  ${name}: skipped, ${missing} is not installed`);
      counts.skipped++;
      continue;
    }
    const { ok, output } = await check();
    if (!ok) console.log(`${output}\n  ${name}: failed`);
    counts[ok ? "passed" : "failed"]++;
  }
  return counts;
}

/**
 * @param {string} preset
 * @param {string} folder the preset's build folder
 * @returns {Promise<Counts>}
 */
async function cTests(preset, folder) {
  await buildPreset(preset, folder);
  const { ok, output } = await run("ctest", ["--test-dir", folder, "--verbose", "-j", `${jobs}`], {
    env: { UBSAN_OPTIONS: "print_stacktrace=1" },
  });
  if (!ok) console.log(output);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  // Each program's last line, behind the number that ctest gives the program.
  for (const [, passed, failed, skipped] of output.matchAll(
    /^\d+: (\d+) passed, (\d+) failed, (\d+) skipped$/gm,
  )) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(skipped);
  }
  // A program that crashed has no such line, and a run of no tests proves nothing.
  if (!ok || counts.passed === 0) counts.failed = Math.max(counts.failed, 1);
  return counts;
}

/** @returns {Promise<Counts>} */
async function wasm() {
  const first = await cTests("wasm-relaxed-threads", "build/wasm/relaxed-threads");
  return add(first, await cTests("wasm-simd", "build/wasm/simd"));
}

/** @returns {Promise<Counts>} */
async function fuzzReaders() {
  if (fuzzMissing) {
    console.log(`  skipped, ${fuzzMissing} is not installed`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const results = await fuzz();
  const failed = results.filter((result) => !result.ok);
  for (const { name, output } of failed) console.log(`${output}\n  ${name}: failed`);
  return { passed: results.length - failed.length, failed: failed.length, skipped: 0 };
}

/** @returns {Promise<Counts>} */
async function library() {
  await buildModules(wasmBuilds);
  console.log(sizeLines().join("\n"));
  return nodeTests("tests/lib");
}

/** @returns {Promise<Counts>} */
async function browsers() {
  await buildModules(wasmBuilds);
  return nodeTests("tests/browser");
}

/**
 * @param {string} folder
 * @returns {Promise<Counts>}
 */
async function nodeTests(folder) {
  const files = globSync(`${folder}/**/*.test.js`, { cwd: root }).sort();
  const { ok, output } = await run(process.execPath, ["--test", "--test-reporter=spec", ...files]);
  if (!ok) console.log(output);
  const count = (/** @type {string} */ what) =>
    Number(output.match(new RegExp(`^ℹ ${what} (\\d+)$`, "m"))?.[1] ?? 0);
  const counts = {
    passed: count("pass"),
    failed: count("fail") + count("cancelled"),
    skipped: count("skipped") + count("todo"),
  };
  if (!ok || counts.passed === 0) counts.failed = Math.max(counts.failed, 1);
  return counts;
}

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

const summary = (/** @type {Counts} */ { passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const unknown = chosen.find((name) => !(name in parts));
if (unknown) {
  console.error(`No part "${unknown}". There are: ${Object.keys(parts).join(", ")}.`);
  process.exit(1);
}
let total = { passed: 0, failed: 0, skipped: 0 };
for (const name of chosen) {
  const { title, test } = parts[name];
  console.log(`\n== ${title} (${name})`);
  const start = performance.now();
  let counts;
  try {
    counts = await test();
  } catch (error) {
    // A build that failed; the other parts still tell what they find.
    console.log(/** @type {Error} */ (error).message);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  total = add(total, counts);
  console.log(`   ${summary(counts)}   ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
console.log(`\n${summary(total)}`);
process.exitCode = total.failed ? 1 : 0;
