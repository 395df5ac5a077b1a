// The stand-in Hub answers as the Hub does: what clients of the Hub rely on, request by request.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { request as http_request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/command.js";
import { start_hub } from "./start_hub.js";

const ASSETS = join(root, "assets/hub");
const MODEL = "tunelab/bert-tiny-random";
const WEIGHTS = join(ASSETS, MODEL, "model.safetensors");

/** @typedef {import("node:test").TestContext} TestContext */

/** @param {TestContext} t @param {Partial<Parameters<typeof start_hub>[0]>} [options] */
async function hub_for(t, options = {}) {
  const hub = await start_hub({ root: ASSETS, ...options });
  t.after(() => hub.close());
  return hub;
}

/** A folder with one repository for each name. @param {TestContext} t @param {string[]} names */
async function folder_of(t, ...names) {
  const folder = await mkdtemp(join(tmpdir(), "hub-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const name of names) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, "config.json"), `{"model_type": "bert", "name": "${name}"}`);
  }
  return folder;
}

/** @param {string} url @param {RequestInit} [options] @returns {Promise<any>} */
const json_of = async (url, options) => (await fetch(url, options)).json();

test("a model's commit, files and sizes come from the folder, and another content is another commit", async (t) => {
  const folder = await folder_of(t, "org/one");
  const hub = await hub_for(t, { root: folder });
  const before = await json_of(`${hub.endpoint}/api/models/org/one`);
  assert.match(before.sha, /^[0-9a-f]{40}$/);
  assert.deepEqual(before.siblings, [{ rfilename: "config.json" }]);
  await writeFile(join(folder, "org/one/config.json"), "{}");
  const after = await json_of(`${hub.endpoint}/api/models/org/one/revision/main?blobs=true`);
  assert.notEqual(after.sha, before.sha);
  // git hash-object of "{}"
  const blob = {
    rfilename: "config.json",
    size: 2,
    blobId: "9e26dfeeb6e641a33dae4961196235bdb965b21b",
  };
  assert.deepEqual(after.siblings, [blob]);
  const old = await fetch(`${hub.endpoint}/api/models/org/one/revision/${before.sha}`);
  assert.equal(old.status, 404);
  assert.equal(old.headers.get("x-error-code"), "RevisionNotFound");
});

test("a revision with a folder of its own is served beside main", async (t) => {
  const folder = await folder_of(t, "org/one", "org/one@v1");
  const hub = await hub_for(t, { root: folder });
  const at = async (/** @type {string} */ revision) =>
    (await json_of(`${hub.endpoint}/org/one/resolve/${revision}/config.json`)).name;
  assert.equal(await at("main"), "org/one");
  assert.equal(await at("v1"), "org/one@v1");
  const { branches } = await json_of(`${hub.endpoint}/api/models/org/one/refs`);
  assert.deepEqual(
    branches.map((/** @type {any} */ { name }) => name),
    ["main", "v1"],
  );
  assert.equal((await json_of(`${hub.endpoint}/api/models`)).length, 1);
});

test("a tree comes in pages that Link headers join", async (t) => {
  const folder = await folder_of(t, "many");
  for (let i = 0; i < 5; i++) {
    await mkdir(join(folder, `many/f${i}`));
    await writeFile(join(folder, `many/f${i}/x.txt`), "x");
  }
  const hub = await hub_for(t, { root: folder });
  let url = `${hub.endpoint}/api/models/many/tree/main?recursive=true&limit=4`;
  const paths = [];
  for (let pages = 0; url; pages++) {
    assert.ok(pages < 3);
    const page = await fetch(url);
    for (const entry of await page.json()) paths.push(entry.path);
    url = /<(.*)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1] ?? "";
  }
  const expected = [0, 1, 2, 3, 4].flatMap((i) => [`f${i}`, `f${i}/x.txt`]);
  assert.deepEqual(paths.sort(), [...expected, "config.json"].sort());
});

test("a large file is handed out by another host, whose address is signed and refuses a token", async (t) => {
  const hub = await hub_for(t);
  const url = `${hub.endpoint}/${MODEL}/resolve/main/model.safetensors`;
  const first = await fetch(url, { redirect: "manual" });
  const bytes = await readFile(WEIGHTS);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  assert.equal(first.status, 302);
  assert.equal(first.headers.get("x-linked-size"), String(bytes.length));
  assert.equal(first.headers.get("x-linked-etag"), `"${sha256}"`);
  const address = String(first.headers.get("location"));
  assert.ok(address.startsWith(hub.cdn) && hub.cdn !== hub.endpoint);
  const content = await fetch(address);
  assert.equal(content.headers.get("etag"), `"${sha256}"`);
  assert.deepEqual(Buffer.from(await content.arrayBuffer()), bytes);
  const leaked = await fetch(address, { headers: { authorization: "Bearer hf_x" } });
  assert.equal(leaked.status, 400);
  assert.equal((await fetch(address.replace(/Signature=./, "Signature=x"))).status, 403);
});

test("a small file comes gzipped after a relative redirect, so that its length is hidden", async (t) => {
  const hub = await hub_for(t);
  const url = `${hub.endpoint}/${MODEL}/resolve/main/vocab.txt`;
  const first = await fetch(url, { redirect: "manual", method: "HEAD" });
  assert.equal(first.status, 307);
  assert.match(String(first.headers.get("location")), /^\/api\/resolve-cache\/models\//);
  const packed = await fetch(url, { method: "HEAD", headers: { "accept-encoding": "gzip" } });
  assert.equal(packed.headers.get("content-length"), null);
  assert.match(String(packed.headers.get("etag")), /^W\//);
  const plain = await fetch(url, { method: "HEAD", headers: { "accept-encoding": "identity" } });
  assert.equal(plain.headers.get("content-length"), "13703");
  const etag = String(plain.headers.get("etag"));
  assert.equal((await fetch(url, { headers: { "if-none-match": etag } })).status, 304);
});

test("ranges: a part, the end, beyond the end, and a part only if the file is still the same", async (t) => {
  const hub = await hub_for(t);
  const bytes = await readFile(WEIGHTS);
  const ask = (/** @type {Record<string, string>} */ headers) =>
    fetch(`${hub.endpoint}/${MODEL}/resolve/main/model.safetensors`, { headers });
  const part = await ask({ range: "bytes=10-19" });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), `bytes 10-19/${bytes.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20));
  const end = await ask({ range: "bytes=-5" });
  assert.deepEqual(Buffer.from(await end.arrayBuffer()), bytes.subarray(-5));
  const rest = await ask({ range: `bytes=${bytes.length - 3}-` });
  assert.deepEqual(Buffer.from(await rest.arrayBuffer()), bytes.subarray(-3));
  const beyond = await ask({ range: `bytes=${bytes.length}-` });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get("content-range"), `bytes */${bytes.length}`);
  assert.equal((await ask({ range: "bytes=5-", "if-range": '"another"' })).status, 200);
});

test("a former name redirects to the present one, in the API and for files", async (t) => {
  const folder = await folder_of(t, "org/new");
  const hub = await hub_for(t, { root: folder, settings: { renamed: { old: "org/new" } } });
  assert.equal((await json_of(`${hub.endpoint}/api/models/old`)).id, "org/new");
  const file = await json_of(`${hub.endpoint}/old/resolve/main/config.json`);
  assert.equal(file.name, "org/new");
});

test("gated and private repositories open to a token that may read them, with the Hub's refusals for others", async (t) => {
  const folder = await folder_of(t, "org/gated", "org/secret");
  const tokens = { hf_in: { name: "ada" }, hf_out: { name: "bob", may_read: [] } };
  /** @type {Partial<import("./settings.js").Settings>} */
  const settings = { gated: { "org/gated": "manual" }, private: ["org/secret"], tokens };
  const hub = await hub_for(t, { root: folder, settings });
  const ask = async (/** @type {string} */ path, /** @type {string} */ token) => {
    const headers = token ? { authorization: `Bearer ${token}` } : undefined;
    const { status, headers: got } = await fetch(hub.endpoint + path, { headers });
    return [status, got.get("x-error-code")];
  };
  const gated = "/org/gated/resolve/main/config.json";
  assert.deepEqual(await ask(gated, ""), [401, "GatedRepo"]);
  assert.deepEqual(await ask(gated, "hf_out"), [403, "GatedRepo"]);
  assert.deepEqual(await ask(gated, "hf_in"), [200, null]);
  assert.deepEqual(await ask("/api/models/org/gated", ""), [200, null]);
  assert.deepEqual(await ask("/api/models/org/secret", ""), [401, "RepoNotFound"]);
  assert.deepEqual(await ask("/api/models/org/secret", "hf_out"), [404, "RepoNotFound"]);
  assert.deepEqual(await ask("/api/models/org/secret", "hf_in"), [200, null]);
  assert.deepEqual(await ask("/api/models/org/none", ""), [401, "RepoNotFound"]);
  assert.deepEqual(await ask("/api/models/org/gated", "wrong"), [401, null]);
  assert.deepEqual(await ask("/api/whoami-v2", "hf_in"), [200, null]);
});

test("no path leaves the root, neither by dots nor by links", async (t) => {
  const folder = await folder_of(t, "inside/org/one", "secret");
  await symlink(join(folder, "secret/config.json"), join(folder, "inside/org/one/link.json"));
  await symlink(join(folder, "secret"), join(folder, "inside/org/linked"));
  const hub = await hub_for(t, { root: join(folder, "inside") });
  const { port } = new URL(hub.endpoint);
  // fetch would resolve the dots itself.
  const status_of = (/** @type {string} */ path) =>
    new Promise((resolve, reject) => {
      const asked = http_request({ port, host: "127.0.0.1", path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on("error", reject).end();
    });
  for (const path of [
    "/org/one/resolve/main/../../../secret/config.json",
    "/org/one/resolve/main/..%2F..%2F..%2Fsecret%2Fconfig.json",
    "/org/one/resolve/main/link.json",
    "/..%2Fsecret/x/resolve/main/config.json",
    "/%2e%2e/secret/resolve/main/config.json",
    "/org/linked/resolve/main/config.json",
    "/org/one/resolve/main/%00",
    "/org/one/resolve/main/%ff",
  ])
    assert.ok([401, 404].includes(Number(await status_of(path))), path);
  assert.equal(await status_of("/org/one/resolve/main/config.json"), 307);
});

test("searches filter by words, tags and size, and come in pages", async (t) => {
  const folder = await folder_of(t, "a/bert-small", "b/bert-large", "c/other");
  const settings = { popularity: { "b/bert-large": { downloads: 9, likes: 1 } } };
  const hub = await hub_for(t, { root: folder, settings });
  const ids = async (/** @type {string} */ query) =>
    (await json_of(`${hub.endpoint}/api/models?${query}`)).map((/** @type {any} */ { id }) => id);
  assert.deepEqual(await ids("search=BERT&sort=downloads"), ["b/bert-large", "a/bert-small"]);
  assert.deepEqual(await ids("filter=bert&author=c"), ["c/other"]);
  assert.deepEqual(await ids("filter=roberta"), []);
  const page = await fetch(`${hub.endpoint}/api/models?limit=2`);
  assert.match(String(page.headers.get("link")), /cursor=2.*rel="next"/);
  const sized = await hub_for(t);
  const of_size = async (/** @type {string} */ range) =>
    (await json_of(`${sized.endpoint}/api/models?num_parameters=${range}`)).map(
      (/** @type {any} */ { id }) => id,
    );
  assert.deepEqual(await of_size("min:500K,max:1M"), [MODEL]);
  assert.deepEqual(await of_size("min:1M"), ["tunelab/MiniLM-L4-H192-uncased"]);
  assert.deepEqual(await of_size("min:10M"), []);
});
