// A classroom behind one address: how much of the Hub's limits it uses, and that it gets its files where they are tight.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { snapshot_download } from "../../web/lib/index.js";
import { ANONYMOUS } from "../hub/rate_limits.js";
import { hub_for, MODEL } from "./hub_support.js";
import { repository } from "./support.js";

/** First starts of so many students, each with a cache of their own. */
function starts({ options, cache_dir }, students, more = {}) {
  return Promise.all(
    Array.from({ length: students }, (_, i) =>
      snapshot_download(MODEL, { ...options, ...more, cache_dir: join(cache_dir, String(i)) }),
    ),
  );
}

test("thirty first starts use a fifth of what the Hub grants an address, and later ones a tenth", async (t) => {
  const made = await hub_for(t, { limits: ANONYMOUS });
  await starts(made, 30);
  const first = made.hub.requests.splice(0);
  assert.ok(first.every(({ status }) => status < 400));
  const api = first.filter(({ path }) => /^\/api\/models/.test(path));
  assert.equal(api.length, 2 * 30, "the commit and the listing");
  assert.ok(api.length <= ANONYMOUS.api / 5);
  assert.ok(first.length - api.length <= ANONYMOUS.resolvers / 5);
  await starts(made, 30);
  assert.equal(made.hub.requests.length, 30);
  assert.ok(30 <= ANONYMOUS.api / 10);
});

test("where the limits are tight, all wait for the next window and get their files", async (t) => {
  const limits = { api: 8, resolvers: 40, seconds: 1 };
  const made = await hub_for(t, { limits });
  const waits = [];
  const progress_callback = ({ status, reason }) => status === "wait" && waits.push(reason);
  const folders = await starts(made, 8, { progress_callback });
  const refused = made.hub.requests.filter(({ status }) => status === 429).length;
  assert.ok(waits.includes("too many requests"), "the limits were met");
  assert.ok(refused <= made.hub.requests.length / 4, `${refused} of ${made.hub.requests.length}`);
  const expected = await readFile(repository(`assets/hub/${MODEL}/model.safetensors`));
  for (const folder of folders)
    assert.deepEqual(await readFile(join(folder, "model.safetensors")), expected);
});
