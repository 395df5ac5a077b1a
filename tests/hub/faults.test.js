// Faults on demand do what they are called, to the requests they name, as often as they were asked for.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/command.js";
import { parse_fault } from "./faults.js";
import { start_hub } from "./start_hub.js";

const ASSETS = join(root, "assets/hub");
const FILE = "tunelab/bert-tiny-random/resolve/main/model.safetensors";
const VOCABULARY = "tunelab/bert-tiny-random/resolve/main/vocab.txt";
const bytes = await readFile(join(ASSETS, "tunelab/bert-tiny-random/model.safetensors"));

/**
 * The stand-in with one fault.
 * @param {import("node:test").TestContext} t
 * @param {import("./faults.js").Fault} fault
 */
async function spoiled(t, fault) {
  const hub = await start_hub({ root: ASSETS, faults: [fault] });
  t.after(() => hub.close());
  return hub;
}

/** @param {string} url */
const content_of = async (url) => Buffer.from(await (await fetch(url)).arrayBuffer());

test("cut: the connection breaks after so many bytes, once", async (t) => {
  const { endpoint, requests } = await spoiled(t, {
    kind: "cut",
    server: "cdn",
    after: 5000,
    times: 1,
  });
  const response = await fetch(`${endpoint}/${FILE}`);
  assert.equal(response.headers.get("content-length"), String(bytes.length));
  await assert.rejects(response.arrayBuffer());
  assert.deepEqual(await content_of(`${endpoint}/${FILE}`), bytes);
  assert.deepEqual(
    requests.filter(({ server }) => server === "cdn").map(({ sent }) => sent),
    [5000, bytes.length],
  );
});

test("slow: so many bytes a second", async (t) => {
  const { endpoint } = await spoiled(t, { kind: "slow", path: "vocab", bytes_per_second: 60_000 });
  const begun = performance.now();
  assert.equal((await content_of(`${endpoint}/${VOCABULARY}`)).length, 13703);
  assert.ok(performance.now() - begun > 80, "6 KB gzipped take a tenth of a second");
});

test("stall and hang: an answer that stops, and none at all", async (t) => {
  const hub = await spoiled(t, { kind: "stall", server: "cdn", after: 1000 });
  hub.fault({ kind: "hang", path: "vocab" });
  const response = await fetch(`${hub.endpoint}/${FILE}`);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  assert.equal((await reader.read()).value?.length, 1000);
  const waited = await Promise.race([
    reader.read(),
    new Promise((resolve) => setTimeout(resolve, 50, "nothing")),
  ]);
  assert.equal(waited, "nothing");
  await reader.cancel();
  const signal = AbortSignal.timeout(50);
  await assert.rejects(fetch(`${hub.endpoint}/${VOCABULARY}`, { signal }), /timeout/);
});

test("rate_limit: 429 with the Hub's headers, or with Retry-After", async (t) => {
  const hub = await spoiled(t, { kind: "rate_limit", seconds: 7, times: 1 });
  hub.fault({ kind: "rate_limit", seconds: 2, retry_after: true, times: 1 });
  const first = await fetch(`${hub.endpoint}/${VOCABULARY}`);
  assert.equal(first.status, 429);
  assert.equal(first.headers.get("ratelimit"), '"api";r=0;t=7');
  assert.equal(first.headers.get("ratelimit-policy"), '"fixed window";"api";q=500;w=300');
  const second = await fetch(`${hub.endpoint}/${VOCABULARY}`);
  assert.deepEqual([second.status, second.headers.get("retry-after")], [429, "2"]);
  assert.equal((await fetch(`${hub.endpoint}/${VOCABULARY}`)).status, 200);
});

test("limits: an address that asks too often waits for the next window", async (t) => {
  const limits = { api: 2, resolvers: 3, seconds: 1 };
  const hub = await start_hub({ root: ASSETS, limits });
  t.after(() => hub.close());
  const ask = () => fetch(`${hub.endpoint}/api/models`);
  assert.match(String((await ask()).headers.get("ratelimit")), /^"api";r=1;t=/);
  assert.equal((await ask()).status, 200);
  assert.equal((await ask()).status, 429);
  assert.equal((await fetch(`${hub.endpoint}/${VOCABULARY}`)).status, 200, "files have their own");
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal((await ask()).status, 200);
});

for (const [kind, status] of /** @type {[string, number][]} */ ([
  ["status", 500],
  ["gated", 401],
  ["not_ready", 500],
  ["no_viewer", 501],
  ["expired", 403],
  ["not_satisfiable", 416],
]))
  test(`${kind}: the answer is ${status}`, async (t) => {
    const { endpoint } = await spoiled(t, { kind, path: /vocab/ });
    assert.equal((await fetch(`${endpoint}/${VOCABULARY}`)).status, status);
    assert.equal((await fetch(`${endpoint}/api/models`)).status, 200);
  });

test("refuse: the connection is dropped", async (t) => {
  const { endpoint } = await spoiled(t, { kind: "refuse" });
  await assert.rejects(fetch(`${endpoint}/api/models`), /fetch failed/);
});

test("no_range: the whole file for a part of it", async (t) => {
  const { endpoint } = await spoiled(t, { kind: "no_range", server: "cdn" });
  const whole = await fetch(`${endpoint}/${FILE}`, { headers: { range: "bytes=5-9" } });
  assert.equal(whole.status, 200);
});

test("wrong_bytes: one bit is another; wrong_length: half of the file passes for all of it", async (t) => {
  const hub = await spoiled(t, { kind: "wrong_bytes", server: "cdn", times: 1 });
  hub.fault({ kind: "wrong_length", server: "cdn" });
  const other = await content_of(`${hub.endpoint}/${FILE}`);
  assert.equal(other.length, bytes.length);
  assert.equal(other.filter((byte, at) => byte !== bytes[at]).length, 1);
  assert.equal((await content_of(`${hub.endpoint}/${FILE}`)).length, bytes.length / 2);
});

test("wrong_hash: headers and listings name another content", async (t) => {
  const hub = await spoiled(t, { kind: "wrong_hash", times: 2 });
  const tree = `${hub.endpoint}/api/models/tunelab/bert-tiny-random/tree/main`;
  const oids = async () =>
    (await (await fetch(tree)).json()).map((/** @type {any} */ e) => e.lfs?.oid ?? e.oid);
  const tag = async () =>
    (await fetch(`${hub.endpoint}/${FILE}`, { redirect: "manual" })).headers.get("x-linked-etag");
  const [wrong_oids, wrong_tag] = [await oids(), await tag()];
  assert.notDeepEqual(wrong_oids, await oids());
  assert.notEqual(wrong_tag, await tag());
});

test("gzip_bomb: a short answer that unpacks to a long one", async (t) => {
  const fault = { kind: "gzip_bomb", path: "resolve-cache", bytes: 1e7 };
  const { endpoint, requests } = await spoiled(t, fault);
  assert.equal((await content_of(`${endpoint}/${VOCABULARY}`)).length, 1e7);
  assert.ok(Number(requests.at(-1)?.sent) < 2e4);
});

test("skip and times: some are spared, then so many are met", async (t) => {
  const { endpoint } = await spoiled(t, { kind: "status", status: 503, skip: 1, times: 2 });
  const ask = async () => (await fetch(`${endpoint}/api/models`)).status;
  assert.deepEqual([await ask(), await ask(), await ask(), await ask()], [200, 503, 503, 200]);
});

test("captive_portal and redirect_loop: a page of HTML, and a redirect to the same place", async (t) => {
  const hub = await spoiled(t, { kind: "captive_portal", times: 1 });
  hub.fault({ kind: "redirect_loop" });
  const page = await fetch(`${hub.endpoint}/api/models`);
  assert.deepEqual(
    [page.status, page.headers.get("content-type")?.slice(0, 9)],
    [200, "text/html"],
  );
  await assert.rejects(fetch(`${hub.endpoint}/api/models`), ({ cause }) =>
    /redirect count exceeded/.test(String(cause)),
  );
});

test("endless: the content goes on for as long as somebody reads", async (t) => {
  const { endpoint } = await spoiled(t, { kind: "endless", path: "api/models" });
  const response = await fetch(`${endpoint}/api/models`);
  assert.equal(response.headers.get("content-length"), null);
  let length = 0;
  for await (const piece of /** @type {ReadableStream<Uint8Array>} */ (response.body)) {
    length += piece.length;
    if (length > 1e6) break;
  }
  assert.ok(length > 1e6);
});

test("a fault from the command line is read, and a misspelt one refused", async (t) => {
  const text = "cut,path=model.safetensors,after=100,times=1,server=cdn";
  const fault = { kind: "cut", path: "model.safetensors", after: 100, times: 1, server: "cdn" };
  assert.deepEqual(parse_fault(text), fault);
  assert.throws(() => parse_fault("cut,after=some"), /after is a number/);
  const hub = await spoiled(t, { kind: "refuse" });
  assert.throws(() => hub.fault(parse_fault("cot")), /no fault "cot"; there are status,/);
  assert.throws(() => hub.fault(parse_fault("cut,aftr=1")), /a fault has no "aftr"/);
});

test("a running stand-in takes faults by request, too", async (t) => {
  const hub = await start_hub({ root: ASSETS });
  t.after(() => hub.close());
  const control = async (/** @type {string} */ path) => fetch(`${hub.endpoint}/.stand-in/${path}`);
  const added = await control("fault?kind=status&status=503&path=vocab&times=1");
  assert.equal((await added.json()).faults[0].status, 503);
  assert.equal((await fetch(`${hub.endpoint}/${VOCABULARY}`)).status, 503);
  assert.equal((await fetch(`${hub.endpoint}/${VOCABULARY}`)).status, 200);
  await control("fault?kind=refuse");
  assert.deepEqual((await (await control("clear")).json()).faults, []);
  assert.equal((await fetch(`${hub.endpoint}/${VOCABULARY}`)).status, 200);
  const refused = await control("fault?kind=cut&after=soon");
  assert.deepEqual(
    [refused.status, (await refused.json()).error],
    [400, "after=soon of the fault cut: after is a number"],
  );
});
