// Twenty training steps give the same weights, to the bit, on any number of threads and without
// threads.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { repository, run } from "./support.js";

const builds = process.env.TUNELAB_WASM ?? repository("build/wasm");
const is_built = (build) => existsSync(`${builds}/${build}/tunelab.mjs`);

async function weights_after_twenty_steps(build, threads) {
  const { code, stdout, stderr } = await run(process.execPath, [
    repository("tests/lib/twenty_steps.js"),
    build,
    String(threads),
  ]);
  assert.equal(code, 0, stderr);
  const result = JSON.parse(stdout);
  assert.deepEqual([result.build, result.threads], [build, threads], "it ran as asked");
  return result.weights;
}

for (const kind of ["relaxed", "simd"]) {
  const skip =
    !is_built(kind) || !is_built(`${kind}-threads`) ? `the ${kind} builds are not there` : false;
  test(
    `${kind}: 1, 2 and 4 threads and the single-thread build agree to the bit`,
    { skip },
    async () => {
      const alone = await weights_after_twenty_steps(kind, 1);
      for (const threads of [1, 2, 4])
        assert.equal(
          await weights_after_twenty_steps(`${kind}-threads`, threads),
          alone,
          `${threads} threads`,
        );
    },
  );
}
