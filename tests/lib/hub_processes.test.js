// Processes that die while they download, and such as download the same at once.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { hf_hub_download } from "../../web/lib/index.js";
import { folder_with, hub_for, some_bytes } from "./hub_support.js";
import { repository } from "./support.js";

const BIG = some_bytes(3_000_000);

async function slow_hub(t) {
  const root = await folder_with(t, { "org/big/model.safetensors": BIG });
  const made = await hub_for(t, { root });
  made.hub.fault({ kind: "slow", server: "cdn", bytes_per_second: 3_000_000 });
  return made;
}

/** Starts a download in a process of its own. */
function start({ hub, cache_dir }) {
  const program = repository("tests/lib/hub_download_process.js");
  const child = fork(program, [hub.endpoint, cache_dir, "org/big", "model.safetensors"], {
    silent: true,
  });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  const ended = new Promise((resolve) => child.on("close", () => resolve(output)));
  const reached = (bytes) =>
    new Promise((resolve) => child.on("message", (loaded) => loaded >= bytes && resolve()));
  return { child, ended, reached };
}

test("after kill -9 in the middle, the next start goes on from there at once", async (t) => {
  const made = await slow_hub(t);
  const { child, ended, reached } = start(made);
  await reached(1_000_000);
  child.kill("SIGKILL");
  await ended;
  const folder = join(made.cache_dir, "models--org--big/blobs");
  const [left] = await readdir(folder);
  assert.match(left, /^[0-9a-f]{64}\.tunelab-[0-9a-f]{8}\.incomplete$/);
  const size = (await readFile(join(folder, left))).length;
  assert.ok(size >= 1_000_000 && size < 3_000_000, `${size}`);
  made.hub.clear_faults();
  made.asked();
  const begun = performance.now();
  const path = await hf_hub_download("org/big", "model.safetensors", made.options);
  assert.ok(performance.now() - begun < 5000, "the dead process's lock is not waited for");
  assert.deepEqual(await readFile(path), BIG);
  assert.match(made.asked().at(-1), new RegExp(`^cdn GET \\S+ bytes=${size}-2999999 206$`));
  assert.deepEqual(await readdir(folder), [left.slice(0, 64)]);
});

test("two processes that want the same file bring it once", async (t) => {
  const made = await slow_hub(t);
  const [one, other] = [start(made), start(made)];
  const paths = await Promise.all([one.ended, other.ended]);
  assert.equal(paths[0], paths[1]);
  assert.deepEqual(await readFile(paths[0]), BIG);
  assert.equal(made.asked().filter((line) => line.startsWith("cdn")).length, 1);
});
