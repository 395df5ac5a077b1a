// Weights go from a file to the core's parameters without a second copy: what a process takes at most beside the core's
// memory is a fraction of the file.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { open, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { repository, run, temporary_folder } from "./support.js";

const VOCABULARY = 120000;
const WIDTH = 256;

const CONFIG = {
  model_type: "bert",
  vocab_size: VOCABULARY,
  hidden_size: WIDTH,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  intermediate_size: 256,
  max_position_embeddings: 16,
  type_vocab_size: 2,
};

/** A model folder whose file is nearly all one table, of zeros that take no room on the disk. */
async function large_folder(t, dtype, item_bytes) {
  const folder = await temporary_folder(t);
  const bytes = VOCABULARY * WIDTH * item_bytes;
  const tensor = { dtype, shape: [VOCABULARY, WIDTH], data_offsets: [0, bytes] };
  const header = Buffer.from(JSON.stringify({ "embeddings.word_embeddings.weight": tensor }));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  await writeFile(join(folder, "config.json"), JSON.stringify(CONFIG));
  const file = await open(join(folder, "model.safetensors"), "w");
  await file.write(Buffer.concat([size, header]));
  await file.truncate(8 + header.length + bytes);
  await file.close();
  return { folder, bytes };
}

/** A server of the folder, with ranges, that holds no file itself. */
async function serve(t, folder) {
  const server = createServer(async (request, response) => {
    const path = join(folder, request.url);
    const found = await stat(path).catch(() => undefined);
    if (!found) return response.writeHead(404).end();
    const [, begin, end] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const range = begin ? { start: Number(begin), end: Number(end) } : {};
    const length = begin ? range.end - range.start + 1 : found.size;
    response.writeHead(begin ? 206 : 200, { "content-length": length });
    return request.method === "HEAD"
      ? response.end()
      : createReadStream(path, range).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

async function memory_of_loading(t, place) {
  const { code, stdout, stderr } = await run(process.execPath, [
    "--expose-gc",
    repository("tests/lib/load_large.js"),
    place,
  ]);
  assert.equal(code, 0, stderr);
  const { core_bytes, beside_bytes } = JSON.parse(stdout);
  t.diagnostic(`${core_bytes} bytes in the core, at most ${beside_bytes} beside`);
  const weights = 4 * VOCABULARY * WIDTH;
  assert.ok(core_bytes > weights && core_bytes < 1.05 * weights, "the core holds them alone");
  return beside_bytes;
}

test("float32 weights are read from a file into place", async (t) => {
  const { folder, bytes } = await large_folder(t, "F32", 4);
  assert.ok((await memory_of_loading(t, folder)) < 0.1 * bytes);
});

test("float16 weights are converted piece by piece", async (t) => {
  const { folder, bytes } = await large_folder(t, "F16", 2);
  assert.ok((await memory_of_loading(t, folder)) < 0.2 * bytes);
});

// A piece is garbage once it is copied, and some wait to be collected; the file would be 1.0 by itself.
test("weights from the network go into place as they come", async (t) => {
  const { folder, bytes } = await large_folder(t, "F32", 4);
  assert.ok((await memory_of_loading(t, await serve(t, folder))) < 0.8 * bytes);
});
