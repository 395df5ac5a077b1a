// The source tree keeps its shape: layers, short files that say what they are for, nothing forbidden in the core.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/command.js";
import * as hygiene from "./hygiene.js";
import { checkCLayering, checkJsLayering } from "./layering.js";
import { readSources } from "./source_text.js";

const sources = readSources();
const buildFiles = ["CMakeLists.txt", "CMakePresets.json"].map((path) => ({
  path,
  text: readFileSync(join(root, path), "utf8"),
}));

/** @param {string[]} wrong */
const none = (wrong) => assert.equal(wrong.length, 0, `\n${wrong.join("\n")}`);

test("the tree was found", () => {
  for (const part of ["src/base/", "include/tunelab/", "web/lib/core/", "tests/c/", "tools/"]) {
    assert.ok(
      sources.some(({ path }) => path.startsWith(part)),
      part,
    );
  }
});

test("a layer of the core includes only itself and what stands left of it", () => {
  none(sources.flatMap(checkCLayering));
});

test("a package of the library imports only what stands below it, the terminal and the page only the library", () => {
  none(sources.flatMap(checkJsLayering));
});

test("every file's first line says what it is for", () => {
  none(sources.flatMap(hygiene.checkFirstLine));
});

test("no file is longer than a reader can hold", () => {
  none(sources.flatMap(hygiene.checkLength));
});

test("file names in src and web are unique", () => {
  none(hygiene.checkUniqueNames(sources));
});

test("nothing is marked as unfinished", () => {
  none(sources.flatMap(hygiene.checkFinished));
});

test("the core neither ends the process nor prints nor keeps globals, and intrinsics stay in one file", () => {
  none(sources.flatMap(hygiene.checkCore));
});

test("no build loosens floating-point arithmetic", () => {
  none([...sources, ...buildFiles].flatMap(hygiene.checkExactMath));
});
