// Downloads from the Hub in Node.js: what is asked for, what is kept, and that every fault ends in the right file or in
// none.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  configure_hub,
  file_exists,
  hf_hub_download,
  list_repo_files,
  snapshot_download,
} from "../../web/lib/index.js";
import { folder_with, hub_for, MODEL, some_bytes } from "./hub_support.js";
import { logged, repository } from "./support.js";

const BIG = some_bytes(3_000_000);

/** A stand-in with one repository: a file of LFS, a text, an empty file, a name that needs escapes. */
async function big_hub(t, options = {}) {
  const root = await folder_with(t, {
    "org/big/model.safetensors": BIG,
    "org/big/notes.txt": `${"a line of text\n".repeat(1000)}`,
    "org/big/empty.txt": "",
    "org/big/a folder/ü#1?.txt": "odd",
  });
  return { ...(await hub_for(t, { root, ...options })), root };
}

const incomplete = async (cache_dir, name = "models--org--big") =>
  (await readdir(join(cache_dir, name, "blobs"))).filter((file) => file.endsWith(".incomplete"));

const blobs = async (cache_dir, name = "models--org--big") =>
  (await readdir(join(cache_dir, name, "blobs"))).filter((file) => !file.endsWith(".incomplete"));

test("a first start asks for the commit, the listing and the file; a second one for the commit alone", async (t) => {
  const { options, asked, hub } = await big_hub(t);
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
  const [commit] = path.split("/").slice(-2);
  const sha = asked();
  assert.deepEqual(sha.slice(0, 3), [
    "hub GET /api/models/org/big/revision/main 200",
    `hub GET /api/models/org/big/tree/${commit} 200`,
    `hub GET /org/big/resolve/${commit}/model.safetensors bytes=0-2999999 302`,
  ]);
  assert.equal(sha.length, 4, "and the second origin for the bytes");
  assert.equal(await hf_hub_download("org/big", "model.safetensors", options), path);
  assert.deepEqual(asked(), ["hub GET /api/models/org/big/revision/main 200"]);
  const pinned = { ...options, revision: commit };
  assert.equal(await hf_hub_download("org/big", "model.safetensors", pinned), path);
  const local = { ...options, local_files_only: true };
  assert.equal(await hf_hub_download("org/big", "model.safetensors", local), path);
  assert.deepEqual(asked(), [], "a commit's hash, and local_files_only, ask nobody");
  await hub.close();
  assert.equal(await hf_hub_download("org/big", "model.safetensors", options), path);
});

test("the cache is laid out as huggingface_hub's", async (t) => {
  const { options, cache_dir } = await big_hub(t);
  const path = await hf_hub_download("org/big", "a folder/ü#1?.txt", options);
  const root = join(cache_dir, "models--org--big");
  const commit = await readFile(join(root, "refs/main"), "utf8");
  assert.equal(path, join(root, "snapshots", commit, "a folder/ü#1?.txt"));
  const [blob] = await blobs(cache_dir);
  assert.equal(await readlink(path), `../../../blobs/${blob}`);
  assert.equal(await readFile(path, "utf8"), "odd");
  const tree = JSON.parse(await readFile(join(root, "trees", `${commit}.json`), "utf8"));
  assert.equal(tree.format_version, 1);
  assert.deepEqual(Object.keys(tree.files["model.safetensors"]), [
    "size",
    "blob_id",
    "lfs_sha256",
    "lfs_size",
  ]);
  assert.equal(tree.files["a folder/ü#1?.txt"].blob_id, blob);
  assert.equal(await file_exists("org/big", "none.txt", options), false);
  assert.equal((await readFile(join(root, ".no_exist", commit, "none.txt"))).length, 0);
});

test("a snapshot holds every file, compressed, empty or oddly named, in few requests", async (t) => {
  const { options, asked, root } = await big_hub(t);
  const folder = await snapshot_download("org/big", options);
  const files = await list_repo_files("org/big", options);
  assert.equal(files.length, 4);
  for (const file of files)
    assert.deepEqual(
      await readFile(join(folder, file)),
      await readFile(join(root, "org/big", file)),
    );
  const requests = asked();
  assert.equal(requests.filter((line) => line.includes("/tree/")).length, 1);
  assert.equal(
    requests.filter((line) => line.includes("/resolve/")).length,
    3,
    "an empty file is not asked for",
  );
});

test("patterns choose what a snapshot brings", async (t) => {
  const { options, cache_dir } = await big_hub(t);
  const chosen = { ...options, allow_patterns: ["*.txt"], ignore_patterns: "a folder/*" };
  await snapshot_download("org/big", chosen);
  assert.equal((await blobs(cache_dir)).length, 2);
});

test("a connection that breaks is taken up where it broke", async (t) => {
  const { options, asked, hub } = await big_hub(t);
  hub.fault({ kind: "cut", server: "cdn", after: 1_000_000, times: 2 });
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
  const ranges = asked().filter((line) => line.startsWith("cdn"));
  const begins = ranges.map((line) => Number(/bytes=(\d+)-/.exec(line)[1]));
  assert.deepEqual(begins, [0, 1_000_000, 2_000_000]);
});

test("a server that goes silent in the middle counts as broken", async (t) => {
  const { options, hub } = await big_hub(t);
  configure_hub({ timeout: 1.5 });
  hub.fault({ kind: "stall", server: "cdn", after: 500_000, times: 1 });
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
});

test("what one start leaves, the next one goes on from, and both are one file", async (t) => {
  const { options, asked, hub, cache_dir } = await big_hub(t);
  hub.fault({ kind: "cut", server: "cdn", after: 1_500_000, times: 1 });
  hub.fault({ kind: "refuse", server: "cdn", skip: 1 });
  await assert.rejects(hf_hub_download("org/big", "model.safetensors", options), {
    kind: "network",
  });
  assert.equal((await incomplete(cache_dir)).length, 1);
  assert.deepEqual(await blobs(cache_dir), []);
  hub.clear_faults();
  asked();
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
  assert.match(asked().at(-1), /^cdn GET \S+ bytes=1500000-2999999 206$/);
  assert.deepEqual(await incomplete(cache_dir), []);
});

test("a server that sends the whole file for a part gives the right file", async (t) => {
  const { options, hub } = await big_hub(t);
  hub.fault({ kind: "cut", server: "cdn", after: 1_000_000, times: 1 });
  hub.fault({ kind: "no_range", server: "cdn" });
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
});

const SPOILED = [
  ["wrong_bytes", "model.safetensors", "cdn", /its hash differs\); nothing was kept/],
  ["wrong_bytes", "notes.txt", "hub", /its hash differs\); nothing was kept/],
  ["endless", "notes.txt", "hub", /has more bytes where the Hub lists 15000/],
  ["gzip_bomb", "notes.txt", "hub", /has more bytes where the Hub lists 15000/],
  ["not_satisfiable", "model.safetensors", "cdn", /has 0 bytes where the Hub lists 3000000/],
];
for (const [kind, file, server, message] of SPOILED)
  test(`${kind} of ${file} ends in one clear line and no file`, async (t) => {
    const { options, hub, cache_dir } = await big_hub(t);
    hub.fault({ kind, server, path: server === "cdn" ? "/repos/" : "resolve-cache" });
    const error = await hf_hub_download("org/big", file, options).catch((caught) => caught);
    assert.equal(error.kind, "corrupt", error.stack);
    assert.match(error.message, message);
    assert.ok(error.message.startsWith(`${file} of the model "org/big"`), error.message);
    assert.deepEqual(await blobs(cache_dir), []);
    assert.deepEqual(await incomplete(cache_dir), []);
    hub.clear_faults();
    await hf_hub_download("org/big", file, options);
  });

test("answers that keep ending early end in one clear line and no file", async (t) => {
  const { options, hub, cache_dir } = await big_hub(t);
  hub.fault({ kind: "wrong_length", server: "cdn" });
  await assert.rejects(hf_hub_download("org/big", "model.safetensors", options), {
    kind: "network",
    message:
      /^model\.safetensors of .* stopped at \d+ of 3000000 bytes \(the connection ended early\)/,
  });
  assert.deepEqual(await blobs(cache_dir), []);
});

test("a listing with another hash than the content's ends in no file", async (t) => {
  const { options, hub, cache_dir } = await big_hub(t);
  hub.fault({ kind: "wrong_hash", path: "/tree/" });
  await assert.rejects(hf_hub_download("org/big", "model.safetensors", options), {
    kind: "corrupt",
  });
  assert.deepEqual(await blobs(cache_dir), []);
});

test("wrong bytes of an earlier start are found out at the end, and fetched anew", async (t) => {
  const { options, asked, cache_dir } = await big_hub(t);
  const sha256 = createHash("sha256").update(BIG).digest("hex");
  const folder = join(cache_dir, "models--org--big/blobs");
  await mkdir(folder, { recursive: true });
  const left = join(folder, `${sha256}.tunelab-12345678.incomplete`);
  await writeFile(left, new Uint8Array(1_000_000));
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
  const ranges = asked().filter((line) => line.startsWith("cdn"));
  assert.deepEqual(
    ranges.map((line) => /bytes=(\d+)-/.exec(line)[1]),
    ["1000000", "0"],
  );
});

test("an answer of few bytes that unpacks to a gigabyte is not taken", async (t) => {
  const { options, hub } = await big_hub(t);
  hub.fault({ kind: "gzip_bomb", path: "/tree/", bytes: 2 ** 30 });
  await assert.rejects(list_repo_files("org/big", options), {
    kind: "server",
    message: /^the answer for the model "org\/big" .*is longer than 33554432 bytes$/,
  });
});

test("a network that answers with its own page, or sends in circles, is told from the Hub", async (t) => {
  const { options, hub } = await big_hub(t);
  hub.fault({ kind: "captive_portal", path: "/revision/", times: 1 });
  await assert.rejects(hf_hub_download("org/big", "notes.txt", options), {
    message: /answered something else than JSON for the model "org\/big"; is HF_ENDPOINT a Hub\?$/,
  });
  hub.fault({ kind: "captive_portal", path: "/resolve/" });
  await assert.rejects(hf_hub_download("org/big", "notes.txt", options), { kind: "network" });
  hub.clear_faults();
  const path = await hf_hub_download("org/big", "notes.txt", options);
  assert.equal((await readFile(path)).length, 15000);
  hub.fault({ kind: "redirect_loop", path: "/revision/" });
  const lines = await logged(() => hf_hub_download("org/big", "notes.txt", options));
  assert.match(lines[0], /cannot be reached .*redirect.*; going on with what the cache has of it$/);
});

const PASSING = [
  { kind: "rate_limit", seconds: 0, retry_after: true },
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "refuse" },
];
for (const fault of PASSING)
  test(`${fault.kind} ${fault.status ?? ""} at any request is waited for`, async (t) => {
    const { options, hub } = await big_hub(t);
    for (const path of ["/revision/", "/tree/", "/resolve/", "/repos/"])
      hub.fault({ ...fault, path, times: 1 });
    const events = [];
    const progress_callback = (event) => events.push(event.status);
    await hf_hub_download("org/big", "model.safetensors", { ...options, progress_callback });
    assert.ok(events.filter((status) => status === "wait").length >= 3, events.join());
  });

test("a signed address that is over is asked for anew", async (t) => {
  const { options, hub } = await big_hub(t);
  hub.fault({ kind: "expired", server: "cdn", times: 1 });
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
});

test("what is gated, missing or mistyped is said in one line, with names that are near", async (t) => {
  const { options, asked } = await hub_for(t, { settings: { gated: { [MODEL]: "manual" } } });
  const fails = (promise, kind, message) => assert.rejects(promise, { kind, message });
  const anonymous = { ...options, token: false };
  await fails(
    hf_hub_download(MODEL, "config.json", anonymous),
    "gated",
    /is gated: accept its conditions at/,
  );
  await fails(
    hf_hub_download(MODEL, "none.json", options),
    "entry_not_found",
    /there is no none\.json of the model .*; it holds README\.md, config\.json/,
  );
  await fails(
    hf_hub_download(MODEL, "config.json", { ...options, revision: "v9" }),
    "revision_not_found",
    /has no revision "v9"/,
  );
  asked();
  await fails(
    hf_hub_download("tunelab/bert-tiny-randon", "config.json", options),
    "repo_not_found",
    /did you mean "tunelab\/bert-tiny-random"\?$/,
  );
  assert.equal(asked().length, 2, "the search is asked once");
});

test("the token goes to the Hub, and not to where large files lie", async (t) => {
  const { options, hub } = await big_hub(t);
  await hf_hub_download("org/big", "model.safetensors", { ...options, token: "hf_mine" });
  for (const { server, headers } of hub.requests)
    assert.equal(headers.authorization, server === "hub" ? "Bearer hf_mine" : undefined);
});

test("several who want the same file at once share one download and its progress", async (t) => {
  const { options, asked } = await big_hub(t);
  const seen = [[], []];
  await Promise.all(
    seen.map((events) =>
      hf_hub_download("org/big", "model.safetensors", {
        ...options,
        progress_callback: (event) => events.push(event),
      }),
    ),
  );
  assert.equal(asked().filter((line) => line.startsWith("cdn")).length, 1);
  for (const events of seen) {
    assert.equal(events[0].status, "initiate");
    assert.deepEqual(events.at(-1), { status: "done", name: "org/big", file: "model.safetensors" });
    const last = events.filter(({ status }) => status === "progress").at(-1);
    assert.deepEqual([last.loaded, last.total, last.progress], [3_000_000, 3_000_000, 100]);
  }
});

test("a download that is called off stops, and what has come is used later", async (t) => {
  const { options, asked, hub } = await big_hub(t);
  hub.fault({ kind: "slow", server: "cdn", bytes_per_second: 4_000_000 });
  const controller = new AbortController();
  const progress_callback = ({ loaded }) =>
    loaded > 500_000 && controller.abort(new Error("enough"));
  const called_off = { ...options, signal: controller.signal, progress_callback };
  await assert.rejects(
    hf_hub_download("org/big", "model.safetensors", called_off),
    /^Error: enough$/,
  );
  hub.clear_faults();
  asked();
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
  const begin = Number(/bytes=(\d+)-/.exec(asked().at(-1))[1]);
  assert.ok(begin >= 500_000, `${begin}`);
});

test("force_download brings a file anew; a changed repository gives the new file and keeps the old", async (t) => {
  const { options, asked, root, cache_dir } = await big_hub(t);
  const old = await hf_hub_download("org/big", "notes.txt", options);
  asked();
  await hf_hub_download("org/big", "notes.txt", { ...options, force_download: true });
  assert.equal(asked().filter((line) => line.includes("/resolve/")).length, 1);
  await writeFile(join(root, "org/big/notes.txt"), "new");
  const path = await hf_hub_download("org/big", "notes.txt", options);
  assert.equal(await readFile(path, "utf8"), "new");
  assert.equal((await readFile(old, "utf8")).length, 15000);
  assert.equal((await blobs(cache_dir)).length, 2);
});

test("where links are not possible, the snapshot holds the content itself", async (t) => {
  process.env.HF_HUB_DISABLE_SYMLINKS = "1";
  t.after(() => delete process.env.HF_HUB_DISABLE_SYMLINKS);
  const { options, asked } = await big_hub(t);
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.ok((await lstat(path)).isFile());
  assert.deepEqual(await readFile(path), BIG);
  asked();
  await hf_hub_download("org/big", "model.safetensors", options);
  assert.equal(asked().length, 1);
});

test("a cache that takes no files, and names that would lead out of it, are one line", async (t) => {
  const { options } = await big_hub(t);
  const elsewhere = { ...options, cache_dir: "/proc/none" };
  await assert.rejects(hf_hub_download("org/big", "notes.txt", elsewhere), {
    kind: "storage",
    message: /^\/proc\/none cannot take the download \(.*\); free some space, or choose another/,
  });
  const climbing = { ...options, revision: "../../../etc" };
  await assert.rejects(hf_hub_download("org/big", "notes.txt", climbing), /cannot be a revision/);
  for (const name of ["../big", "a/b/c", "-a", "a--b", "a.git", ""])
    await assert.rejects(
      hf_hub_download(name, "notes.txt", options),
      /cannot be the name of a rep/,
    );
});

test("a cache in which locks or links cannot be made is used as far as it goes", async (t) => {
  const { options, cache_dir } = await big_hub(t);
  await mkdir(join(cache_dir, ".locks"));
  await symlink("/proc/self", join(cache_dir, ".locks/models--org--big"));
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
  const snapshots = join(cache_dir, "models--org--big/snapshots");
  await rm(snapshots, { recursive: true });
  await symlink("/proc/self", snapshots);
  for (const file of ["model.safetensors", "notes.txt"])
    await assert.rejects(hf_hub_download("org/big", file, options), {
      kind: "storage",
      message: /cannot take the download \(.*\); free some space, or choose another/,
    });
});

test("a former name and a dataset are found", async (t) => {
  const { options } = await hub_for(t, { settings: { renamed: { "bert-tiny": MODEL } } });
  const path = await hf_hub_download("bert-tiny", "config.json", options);
  assert.deepEqual(
    await readFile(path),
    await readFile(repository(`assets/hub/${MODEL}/config.json`)),
  );
  const dataset = { ...options, repo_type: "dataset" };
  const files = await list_repo_files("tunelab/emotion", dataset);
  assert.ok(files.includes("README.md") && files.length > 1, files.join());
});
