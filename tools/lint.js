// The static checks that `npm test` begins with, and what `npm run format` rewrites.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildPreset } from "./build.js";
import { findProgram, jobs, mapParallel, must, root, run } from "./command.js";
import { isGenerated } from "./generated.js";

const cFiles = () =>
  globSync("{src,include,tests,tools}/**/*.{c,h}", {
    cwd: root,
    exclude: (name) => name === "goldens",
  }).filter((path) => !isGenerated(readFileSync(join(root, path), "utf8")));
const clangFormat = () => findProgram("clang-format-19");
const clangTidy = () => findProgram("clang-tidy-19");

/** @typedef {{name: string, missing?: string, check: () => Promise<{ok: boolean, output: string}>}} Check */

/** @type {Check[]} `missing` names the program that the check needs and that is not there. */
export const checks = [
  {
    name: "clang-format",
    missing: clangFormat() ? undefined : "clang-format-19",
    check: () => run(String(clangFormat()), ["--dry-run", "--Werror", ...cFiles()]),
  },
  {
    name: "clang-tidy",
    missing: clangTidy() ? undefined : "clang-tidy-19",
    check: tidy,
  },
  { name: "prettier", check: () => run("prettier", ["--check", "--log-level=warn", "."]) },
  { name: "eslint", check: () => run("eslint", ["--max-warnings=0", "."]) },
  { name: "tsc", check: () => run("tsc", ["--project", "tsconfig.json"]) },
];

/** clang-tidy file by file, so that a two-core machine has two at work. It reads how to compile from native-debug. */
async function tidy() {
  await buildPreset("native-debug", "build/native-debug", ["help"]);
  const results = await mapParallel(globSync("src/**/*.c", { cwd: root }), jobs, (file) => {
    // The file that defines what the facts describe is read without them.
    const facts = file.endsWith("/context.c")
      ? []
      : ["-include", join(root, "tools/clang_tidy_facts.h")];
    const extra = facts.map((word) => `--extra-arg=${word}`);
    return run(String(clangTidy()), ["--quiet", "-p", "build/native-debug", ...extra, file]);
  });
  const failed = results.filter((result) => !result.ok);
  return { ok: failed.length === 0, output: failed.map((result) => result.output).join("") };
}

/** Rewrites every file in the project's format. */
async function format() {
  await must("prettier", "prettier", ["--write", "--log-level=warn", "."]);
  await must("clang-format", clangFormat() ?? "clang-format-19", ["-i", ...cFiles()]);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await format();
