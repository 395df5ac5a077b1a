// Start-up: what a page has to download before the core runs stays within its budget, in every build.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { buildSizes, startUpLimit } from "../../tools/sizes.js";
import { wasmBuilds } from "../../tools/build.js";
import { repository } from "./support.js";

const unbuilt = wasmBuilds.find(
  (name) => !existsSync(repository(`build/wasm/${name}/tunelab.wasm`)),
);

test(
  `every build's WebAssembly and glue are at most ${startUpLimit} bytes gzipped`,
  { skip: unbuilt ? `the build ${unbuilt} is not there` : false },
  () => {
    const sizes = buildSizes();
    assert.deepEqual(
      sizes.map(({ build }) => build),
      wasmBuilds,
    );
    for (const { build, wasm, glue, total } of sizes) {
      assert.ok(wasm > 10_000 && glue > 1_000, `${build} is there`);
      assert.ok(total <= startUpLimit, `${build}: ${total} bytes`);
    }
  },
);
