// The Hub's files in a page's Cache API, over a stand-in for it: chunks that a closed tab leaves are used, what the
// browser dropped is fetched again, and a full disk is said.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BrowserCache } from "../../web/lib/hub/browser_cache.js";
import { HubSource } from "../../web/lib/hub/hub_source.js";
import { resolve_revision } from "../../web/lib/hub/revision.js";
import { hub_settings } from "../../web/lib/index.js";
import { folder_with, hub_for, some_bytes } from "./hub_support.js";

const MiB = 2 ** 20;
const BIG = some_bytes(9 * MiB + 5);

/** What the Cache API does with the keys and answers that are used here. */
class MemoryCache {
  constructor(room = Infinity) {
    this.kept = new Map();
    this.room = room;
  }

  async match(key) {
    const bytes = this.kept.get(key);
    return bytes && new Response(bytes);
  }

  async put(key, response) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length > this.room) throw new DOMException("Quota exceeded.", "QuotaExceededError");
    this.room -= bytes.length;
    this.kept.set(key, bytes);
  }

  async delete(key) {
    return this.kept.delete(key);
  }
}

/** A page's view of a stand-in with one repository; `open` starts anew, as a reload does. */
async function page_for(t, cache = new MemoryCache()) {
  const root = await folder_with(t, { "org/big/model.safetensors": BIG, "org/big/a.txt": "text" });
  const made = await hub_for(t, { root });
  const settings = await hub_settings({ endpoint: made.hub.endpoint });
  const repository = { endpoint: settings.endpoint, repo_type: "model", repo_id: "org/big" };
  const open = async (options = {}) => {
    const storage = { open: async () => cache };
    const kept = await BrowserCache.open(repository, "tunelab-hub", storage);
    const question = { repository, revision: "main", settings, cache: kept, ...options };
    return new HubSource(question, await resolve_revision(question), options);
  };
  return { ...made, cache, open };
}

const chunks_of = ({ kept }) =>
  [...kept.keys()].filter((key) => /blobs\/[0-9a-f]{64}\/\d+$/.test(key));

/** @param {HubSource} source */
async function content(source, begin = 0, end = BIG.length) {
  const file = await source.open("model.safetensors");
  const pieces = [];
  for await (const piece of file.stream(begin, end)) pieces.push(piece);
  await file.close();
  assert.ok(
    pieces.every((piece) => piece.length <= 4 * MiB),
    "no piece is larger than a chunk",
  );
  return Buffer.concat(pieces);
}

test("a file is kept in chunks, read in part, and not asked for again", async (t) => {
  const { open, asked, cache } = await page_for(t);
  assert.deepEqual(await content(await open()), BIG);
  assert.equal(chunks_of(cache).length, 3);
  asked();
  const again = await open();
  assert.deepEqual(
    await content(again, 4 * MiB - 3, 8 * MiB + 3),
    BIG.subarray(4 * MiB - 3, 8 * MiB + 3),
  );
  assert.deepEqual(await again.list(), ["a.txt", "model.safetensors"]);
  assert.deepEqual(asked(), ["hub GET /api/models/org/big/revision/main 200"]);
});

test("a tab that is closed in the middle leaves its chunks to the next one", async (t) => {
  const { open, asked, cache, hub } = await page_for(t);
  hub.fault({ kind: "cut", server: "cdn", after: 5 * MiB, times: 1 });
  hub.fault({ kind: "refuse", server: "cdn", skip: 1 });
  await assert.rejects(content(await open()), { kind: "network" });
  assert.equal(chunks_of(cache).length, 1);
  hub.clear_faults();
  asked();
  assert.deepEqual(await content(await open()), BIG);
  assert.match(asked().at(-1), new RegExp(`^cdn GET \\S+ bytes=${4 * MiB}-${BIG.length - 1} 206$`));
});

test("what the browser dropped is fetched again, from there on", async (t) => {
  const { open, asked, cache } = await page_for(t);
  await content(await open());
  cache.kept.delete(chunks_of(cache)[1]);
  asked();
  assert.deepEqual(await content(await open()), BIG);
  assert.match(asked().at(-1), new RegExp(`bytes=${4 * MiB}-`));
});

test("a chunk that was spoiled leads to a right file, not a wrong one", async (t) => {
  const { open, cache, hub } = await page_for(t);
  hub.fault({ kind: "cut", server: "cdn", after: 5 * MiB, times: 1 });
  hub.fault({ kind: "refuse", server: "cdn", skip: 1 });
  await content(await open()).catch(() => {});
  hub.clear_faults();
  cache.kept.set(chunks_of(cache)[0], new Uint8Array(4 * MiB));
  assert.deepEqual(await content(await open()), BIG);
});

test("wrong bytes leave nothing behind", async (t) => {
  const { open, cache, hub } = await page_for(t);
  hub.fault({ kind: "wrong_bytes", server: "cdn" });
  await assert.rejects(content(await open()), { kind: "corrupt" });
  assert.deepEqual(chunks_of(cache), []);
});

test("a full disk is said, with what to do", async (t) => {
  const { open } = await page_for(t, new MemoryCache(6 * MiB));
  await assert.rejects(content(await open()), {
    kind: "storage",
    message:
      /^the browser has no room for more of this site's data \(Quota exceeded\.\); free some/,
  });
});

test("force_download fetches what is kept once more", async (t) => {
  const { open, asked } = await page_for(t);
  await content(await open());
  asked();
  assert.deepEqual(await content(await open({ force_download: true })), BIG);
  assert.equal(asked().filter((line) => line.startsWith("cdn")).length, 1);
});
