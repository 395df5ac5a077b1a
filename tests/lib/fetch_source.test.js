// Loading over HTTP: from a server that serves ranges, and from one that does not.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  configure_hub,
  load_dataset,
  set_seed,
  TunelabError,
} from "../../web/lib/index.js";
import { PAIR_MODEL, PAIR_TASK, start_core } from "./support.js";

before(() => start_core());

/** A server over a folder; `ranges` says whether it answers Range requests with the part alone. */
async function serve(t, folder, ranges) {
  const server = createServer(async (request, response) => {
    const bytes = await readFile(join(folder, request.url)).catch(() => undefined);
    if (!bytes) return response.writeHead(404).end();
    const [, begin, end] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const part =
      ranges && begin !== undefined ? bytes.subarray(Number(begin), Number(end) + 1) : bytes;
    response.writeHead(part === bytes ? 200 : 206, { "content-length": part.length });
    return request.method === "HEAD" ? response.end() : response.end(part);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

for (const ranges of [true, false])
  test(`a model and tokenizer load as from disk, ${ranges ? "with" : "without"} range requests`, async (t) => {
    const address = await serve(t, PAIR_MODEL, ranges);
    const logits_of = async (place) => {
      set_seed(3);
      const model = await AutoModelForSequenceClassification.from_pretrained(place);
      const tokenizer = await AutoTokenizer.from_pretrained(place);
      return model(tokenizer("A young farmer", { return_tensors: "pt" })).logits.tolist();
    };
    assert.deepEqual(await logits_of(address), await logits_of(PAIR_MODEL));
  });

test("a data file loads by its address", async (t) => {
  const address = await serve(t, PAIR_TASK, true);
  assert.equal((await load_dataset(`${address}/train.jsonl`)).train.num_rows, 141);
});

test("a packed answer is unpacked; one that is made to fill the memory is given up", async (t) => {
  const answers = {
    "/small.csv": gzipSync("text\nunpacked\n"),
    "/bomb.csv": gzipSync(Buffer.alloc(80 << 20, "x")),
  };
  const server = createServer((request, response) => {
    const bytes = answers[request.url];
    response.writeHead(200, { "content-encoding": "gzip", "content-length": bytes.length });
    response.end(request.method === "HEAD" ? undefined : bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = `http://127.0.0.1:${server.address().port}`;
  const small = await load_dataset(`${address}/small.csv`, { split: "train" });
  assert.deepEqual([...small["text"]], ["unpacked"]);
  await assert.rejects(load_dataset(`${address}/bomb.csv`), {
    status: "TL_ERR_FORMAT",
    message: /bomb\.csv: it grows to more than 200 times its size/,
  });
});

const TEXT = "text\n" + "a line\n".repeat(1000);
const PART = (begin, more = {}) => [
  206,
  { "content-range": `bytes ${begin}-9/${TEXT.length}`, ...more },
];
const ODD = [
  ["drops the connection", "drop", /odd\.csv cannot be reached \(.*\); check the address/],
  ["falls silent", "hang", /odd\.csv cannot be reached \(no answer within 0\.5 s\); check the/],
  ["breaks off", "cut", /odd\.csv cannot be reached \(.*\); check the address/],
  ["sends another part", PART(5), /odd\.csv cannot be read: its server sends other bytes/],
  [
    "has a new file",
    PART(0, { etag: '"new"' }),
    /odd\.csv changed while it was read; load it again/,
  ],
  ["sends too little", PART(0, { etag: 'W/"old-gzip"' }), /odd\.csv ended after 4 of 7005 bytes/],
];
for (const [what, how, message] of ODD)
  test(`a server that ${what} is one line`, async (t) => {
    const server = createServer((request, response) => {
      const headers = { etag: '"old"', "content-length": TEXT.length };
      if (request.method === "HEAD") return response.writeHead(200, headers).end();
      if (how === "drop") return response.destroy();
      if (how === "hang") return undefined;
      if (Array.isArray(how)) return response.writeHead(...how).end("text");
      response.writeHead(200, headers).write("text");
      return setTimeout(() => response.destroy(), 10);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      configure_hub({ timeout: undefined });
      server.closeAllConnections();
      server.close();
    });
    configure_hub({ timeout: 0.5 });
    const address = `http://127.0.0.1:${server.address().port}/odd.csv`;
    const error = await load_dataset(address).catch((caught) => caught);
    assert.match(error.message, message);
    assert.ok(error instanceof TunelabError, error.stack);
  });

test("what the server does not have is said", async (t) => {
  const address = await serve(t, PAIR_TASK, true);
  await assert.rejects(
    AutoModelForSequenceClassification.from_pretrained(address),
    /holds no config\.json/,
  );
  await assert.rejects(
    load_dataset(`${address}/none.jsonl`),
    /none\.jsonl cannot be read: the server answered 404/,
  );
  await assert.rejects(
    load_dataset(address),
    /cannot be listed over HTTP; name the files with data_files/,
  );
});
