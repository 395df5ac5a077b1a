// Runs every fuzz target for FUZZ_SECONDS (default: 60 in continuous integration, else 10) under the sanitizers.
import { existsSync, globSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { buildPreset } from "./build.js";
import { findProgram, jobs, mapParallel, root, run } from "./command.js";

/** libFuzzer comes with clang alone; the name of what is missing, or undefined. */
export const fuzzMissing = findProgram("clang-19", "clang") ? undefined : "clang";

/**
 * @returns {Promise<{name: string, ok: boolean, output: string}[]>} a result for each target
 */
export async function fuzz() {
  const seconds = Number(process.env.FUZZ_SECONDS ?? (process.env.CI ? 60 : 10));
  if (!(seconds > 0)) throw new Error("FUZZ_SECONDS must be a positive number of seconds.");
  await buildPreset("native-fuzz", "build/native-fuzz", ["fuzzers"]);
  const scripts = await mapParallel(
    globSync("tests/fuzz/*_fuzz.js", { cwd: root }).sort(),
    jobs,
    async (file) => ({
      name: basename(file, ".js"),
      ...(await run(process.execPath, [file], { env: { FUZZ_SECONDS: `${seconds}` } })),
    }),
  );
  const names = globSync("tests/fuzz/*_fuzz.c", { cwd: root }).map((file) => basename(file, ".c"));
  const results = await mapParallel(names.sort(), jobs, async (name) => {
    // What libFuzzer finds interesting is kept from run to run; the seeds in the repository are only read.
    const found = join("build/fuzz", name);
    mkdirSync(join(root, found), { recursive: true });
    const seeds = join("tests/fuzz/corpus", name.replace(/_fuzz$/, ""));
    const result = await run(join(root, "build/native-fuzz/tests/fuzz", name), [
      `-max_total_time=${seconds}`,
      "-timeout=10",
      "-rss_limit_mb=2048",
      `-artifact_prefix=${found}-`,
      found,
      ...(existsSync(join(root, seeds)) ? [seeds] : []),
    ]);
    return { name, ...result };
  });
  return [...results, ...scripts];
}
