// The tokenizer on one thread, timed in a process of its own: `node tokenizer_program.js FOLDER TEXTS SECONDS`, with a
// tokenizer's folder and a JSON array of texts. Prints the median seconds of one call, for the core alone on UTF-8 bytes
// (`core`) and for the library's call from strings to lists of ids (`ids`), and the SHA-256 of all ids.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { AutoTokenizer, init } from "../../../web/lib/index.js";
import { summary } from "../report/statistics.js";

const [folder, texts_file, seconds] = process.argv.slice(2);
const core = await init({ threads: 1 });
const tokenizer = await AutoTokenizer.from_pretrained(folder);
/** @type {string[]} */
const texts = JSON.parse(await readFile(texts_file, "utf8"));

/** @param {() => unknown} work */
function median_seconds(work) {
  const taken = [];
  const end = performance.now() + 1000 * Number(seconds);
  while (taken.length < 3 || performance.now() < end) {
    const start = performance.now();
    work();
    taken.push((performance.now() - start) / 1000);
  }
  return summary(taken).median;
}

const library_call = () =>
  tokenizer(texts, { return_token_type_ids: false, return_attention_mask: false }).input_ids;

/** @returns {number} the core's seconds for texts that lie in its memory already */
function core_seconds() {
  const rows = texts.map((text) => new TextEncoder().encode(text));
  let end = 0;
  const ends = rows.map((row) => (end += row.length));
  const handle = core.create("tl_encoding_create");
  const taken = core.heap.frame((frame) => {
    const bytes = frame.u8(Buffer.concat(rows));
    const options = core.struct(frame, "tl_encode_options", "i32", {
      ...{ add_special_tokens: 1, truncation: 0, max_length: 0 },
    });
    const args = [tokenizer._handle.pointer, rows.length, bytes, frame.i32(ends), 0, 0, options];
    return median_seconds(() => core.run("tl_tokenizer_encode", ...args, handle.pointer));
  });
  handle.free();
  return taken;
}

const ids = Int32Array.from(/** @type {number[][]} */ (library_call()).flat());
const sha256 = createHash("sha256").update(ids).digest("hex");
console.log(JSON.stringify({ core: core_seconds(), ids: median_seconds(library_call), sha256 }));
