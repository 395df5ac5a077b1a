// Answers that no Hub should give, but proxies, mirrors and broken servers do: each ends in the right file or in one
// clear line, in a bounded number of requests.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { HubSource } from "../../web/lib/hub/hub_source.js";
import {
  configure_hub,
  hf_hub_download,
  list_repo_files,
  model_info,
  search_models,
  snapshot_download,
  viewer_info,
  viewer_parquet_files,
  viewer_rows,
  viewer_size,
  viewer_splits,
  whoami,
} from "../../web/lib/index.js";
import { BIG, COMMIT, give_json, listed, odd_hub, range_of } from "./odd_hub.js";

/** An answer of so many bytes, and then the connection is cut. */
const cut_after = (bytes) => (asked, answer) => {
  const { begin, end } = range_of(asked);
  const headers = { "content-range": `bytes ${begin}-${end - 1}/${BIG.length}` };
  answer.writeHead(206, { ...headers, "content-length": end - begin });
  answer.write(BIG.subarray(begin, Math.min(end, begin + bytes)));
  setTimeout(() => answer.destroy(), 10);
  return answer;
};

test("a part from elsewhere than asked for is refused, also where no hash would tell", async (t) => {
  const from_the_start = (_asked, answer) => {
    answer.writeHead(206, { "content-range": `bytes 0-99/${BIG.length}` });
    return answer.end(BIG.subarray(0, 100));
  };
  const { options } = await odd_hub(t, { "/resolve/": from_the_start });
  const source = await HubSource.open("org/big", options);
  const file = await source.open_remote("model.safetensors");
  await assert.rejects(file.stream(300_000, 300_100).next(), {
    kind: "corrupt",
    message:
      /^of model\.safetensors .* the bytes from 0 on came, where those from 262144 on were asked/,
  });
});

test("a server that closes after some bytes each time gives the right file", async (t) => {
  const { options } = await odd_hub(t, { "/resolve/": cut_after(150_000) });
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
});

test("one that closes after a byte each time is given up soon", async (t) => {
  const { options, seen } = await odd_hub(t, { "/resolve/": cut_after(1) });
  await assert.rejects(hf_hub_download("org/big", "model.safetensors", options), {
    kind: "network",
    message: /stopped at 6 of 600000 bytes/,
  });
  assert.equal(seen.length, 8);
});

test("a web page in a file's place is no file, and spoils nothing of what had come", async (t) => {
  let online = true;
  const act = (asked, answer) => {
    if (range_of(asked).begin === 0) return cut_after(200_000)(asked, answer);
    if (online) return undefined;
    return answer.writeHead(200, { "content-type": "text/html" }).end("<p>Accept our terms</p>");
  };
  const { options, seen } = await odd_hub(t, { "/resolve/": act });
  online = false;
  await assert.rejects(hf_hub_download("org/big", "model.safetensors", options), {
    kind: "network",
    message: /^a web page came in the place of model\.safetensors .* sign in, do so and try again$/,
  });
  online = true;
  seen.length = 0;
  const path = await hf_hub_download("org/big", "model.safetensors", options);
  assert.deepEqual(await readFile(path), BIG);
  assert.equal(seen.filter(({ path: each }) => each.includes("/resolve/")).length, 1);
});

test("redirects in a circle and to no web address are followed once", async (t) => {
  for (const [location, limit] of [
    ["/org/big/resolve/x/y", 25],
    ["file:///etc/passwd", 3],
  ]) {
    const act = (_asked, answer) => answer.writeHead(302, { location }).end();
    const { options, seen } = await odd_hub(t, { "/resolve/": act });
    await assert.rejects(hf_hub_download("org/big", "model.safetensors", options), {
      kind: "network",
    });
    assert.ok(seen.length <= limit, `${seen.length} requests`);
  }
});

for (const [name, pack] of Object.entries({
  gzip: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
})) {
  test(`a listing in ${name} is read, and one that unpacks to very much is not`, async (t) => {
    const headers = { "content-encoding": name };
    const small = pack(JSON.stringify([listed("a.txt", Buffer.from("a"))]));
    const bomb = pack(Buffer.alloc(40 << 20, " "));
    const act = (_asked, answer, number) => give_json(answer, number === 1 ? small : bomb, headers);
    const { options } = await odd_hub(t, { "/tree/": act });
    assert.deepEqual(await list_repo_files("org/big", options), ["a.txt"]);
    const elsewhere = { ...options, revision: "d".repeat(40) };
    await assert.rejects(list_repo_files("org/big", elsewhere), /is longer than 33554432 bytes$/);
  });
}

test("JSON that ends early without a sign of it is asked for again", async (t) => {
  const act = (_asked, answer, number) =>
    number < 3 ? give_json(answer, `{"sha":"${COMMIT.slice(9)}`) : undefined;
  const { options } = await odd_hub(t, { "/revision/": act, "/tree/": act });
  assert.deepEqual(await list_repo_files("org/big", options), ["model.safetensors"]);
});

test("JSON that comes byte by byte is given up after twelve timeouts", async (t) => {
  const act = (_asked, answer) => {
    answer.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => answer.write(" "), 20);
    answer.on("close", () => clearInterval(drip));
    return answer;
  };
  const { options } = await odd_hub(t, { "/revision/": act });
  configure_hub({ timeout: 0.1 });
  await assert.rejects(list_repo_files("org/big", options), {
    kind: "network",
    message: /^the answer for the model "org\/big" had not come after 1\.2\d* s; check the/,
  });
});

const LINKS = ["", "http://[", "file:///etc/passwd"];
for (const link of LINKS)
  test(`a listing that goes on at ${link || "itself"} has an end`, async (t) => {
    const act = (asked, answer) =>
      give_json(answer, [], { link: `<${link || asked.url}>; rel="next"` });
    const { options, seen } = await odd_hub(t, { "/tree/": act });
    await assert.rejects(list_repo_files("org/big", options), {
      kind: "server",
      message: /^the Hub names ".*" as the page that follows$/,
    });
    assert.equal(seen.length, 2);
  });

const hello = Buffer.from("hello");
const item = listed("x", hello);
const FORMS = [
  ...[{}, null, 5, [null], [{ type: "file" }]],
  ...[7, "", ".", "../x", "x/../../y", "/etc/x", "a\\..\\b", "a\0b", "C:/x", "a//b", "\ud800"].map(
    (path) => [{ ...item, path }],
  ),
  ...[{ size: -5 }, { size: 1e300 }, { oid: "../x" }, { lfs: "yes" }].map((odd) => [
    { ...item, ...odd },
  ]),
];
for (const form of FORMS)
  test(`a listing of ${JSON.stringify(form)} is refused in one line`, async (t) => {
    const act = (_asked, answer) => give_json(answer, form ?? "null");
    const { options } = await odd_hub(t, { "/tree/": act });
    const error = await snapshot_download("org/big", options).catch((caught) => caught);
    assert.equal(error.kind, "server", error.stack);
    assert.ok(!error.message.includes("\n"), error.message);
  });

test("a file may be called as what every object has", async (t) => {
  const names = ["__proto__", "constructor", "a\nb", "100% #1?.txt"];
  const listing = JSON.stringify(names.map((name) => listed(name, hello)));
  const { options } = await odd_hub(t, {
    "/tree/": (_asked, answer) => give_json(answer, listing),
    "/resolve/": (_asked, answer) => answer.writeHead(200).end(hello),
  });
  const folder = await snapshot_download("org/big", options);
  for (const name of names) assert.deepEqual(await readFile(`${folder}/${name}`), hello);
  assert.deepEqual(await list_repo_files("org/big", options), names.toSorted());
});

const ASKING = {
  splits: () => viewer_splits("org/big"),
  info: () => viewer_info("org/big", { config_name: "a" }),
  size: () => viewer_size("org/big"),
  parquet: () => viewer_parquet_files("org/big"),
  rows: () => viewer_rows("org/big", { config_name: "a", split: "train" }),
  search: () => search_models({ search: "x" }),
  account: () => whoami(),
  model: () => model_info("org/big"),
};
for (const [name, ask] of Object.entries(ASKING))
  test(`answers about ${name} in another form are refused in one line`, async (t) => {
    const forms = ["null", "5", '{"splits":[null],"size":5,"parquet_files":[{}],"rows":[null]}'];
    let form = "";
    const { endpoint } = await odd_hub(t, { "/": (_asked, answer) => give_json(answer, form) });
    configure_hub({ endpoint });
    t.after(() => configure_hub({ endpoint: undefined }));
    for (form of forms) {
      if (name === "account" && form !== "null") continue; // an account may lack its names
      const error = await ask().catch((caught) => caught);
      assert.equal(error?.kind, "server", `${form}: ${error?.stack}`);
    }
  });

test("a dataset whose name leads from one to the next is followed once", async (t) => {
  for (const id of [(n) => `org/x${n}`, () => undefined]) {
    let count = 0;
    const { options, seen } = await odd_hub(t, {
      "/api/": (_asked, answer) => give_json(answer, { id: id(count++) }),
      "/splits": (_asked, answer) => answer.writeHead(404).end('{"error":"none"}'),
    });
    await assert.rejects(viewer_splits("org/big", options), { kind: "server" });
    assert.ok(seen.length <= 4, `${seen.length} requests`);
  }
});

test("patterns are Python's, whatever they hold", async (t) => {
  const names = ["a.txt", "b1.txt", "c]d", "e[f", "x^y", "z+.bin"];
  const { options } = await odd_hub(t, {
    "/tree/": (_asked, answer) =>
      give_json(
        answer,
        names.map((name) => listed(name, hello)),
      ),
    "/resolve/": (_asked, answer) => answer.writeHead(200).end(hello),
  });
  /** What is brought that was not there before. */
  const brought = async (allow_patterns) => {
    const folder = await snapshot_download("org/big", { ...options, allow_patterns });
    const there = await Promise.all(
      names.map((name) =>
        readFile(`${folder}/${name}`).then(
          () => name,
          () => undefined,
        ),
      ),
    );
    return there.filter((name) => name !== undefined);
  };
  assert.deepEqual(await brought("["), []);
  assert.deepEqual(await brought("e[z-a]f"), []);
  assert.deepEqual(await brought("e[f"), ["e[f"]);
  assert.deepEqual(await brought("z+.b?n"), ["e[f", "z+.bin"]);
  assert.deepEqual(await brought("c[]]d"), ["c]d", "e[f", "z+.bin"]);
  assert.deepEqual(await brought("x[^a]y"), ["c]d", "e[f", "x^y", "z+.bin"]);
  assert.deepEqual(await brought("[!b-z]*"), ["a.txt", "c]d", "e[f", "x^y", "z+.bin"]);
});
