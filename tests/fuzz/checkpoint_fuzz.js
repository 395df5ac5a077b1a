// Fuzzes the reader of torch.save's files: sound ones with bytes changed, cut, doubled or inserted give tensors that lie in
// the file, or one clear sentence. `node tests/fuzz/checkpoint_fuzz.js` goes on for FUZZ_SECONDS (default 10).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { TunelabError } from "../../web/lib/core/errors.js";
import { read_checkpoint } from "../../web/lib/torch/checkpoint/checkpoint_file.js";
import { file_of } from "../lib/forged_checkpoint.js";
import { fuzz_reader, run_fuzzer } from "./changed_bytes.js";

const FORMS = new URL("../reference/goldens/checkpoints/", import.meta.url);
const SEEDS = [
  "torch_zip",
  "torch_zip_views",
  "torch_zip_types",
  "torch_legacy",
  "torch_legacy_views",
];

/** Bytes that mean much to a pickle or a zip file. */
const TELLING = [0, 1, 0x7f, 0x80, 0xff, ...Buffer.from("(.}]tuRQbcXKJMhqrPK")];

/** @param {Buffer} bytes */
async function check(bytes) {
  try {
    for (const { block, begin, extent, shape } of await read_checkpoint(file_of(bytes))) {
      assert.ok(shape.every((n) => Number.isSafeInteger(n) && n >= 0));
      const header = bytes.subarray(block.begin, block.begin + block.header);
      assert.equal(header.length, block.header, "a storage's header lies in the file");
      assert.ok(block.data_begin(header) + begin + extent <= bytes.length, "and its data");
    }
    return true;
  } catch (error) {
    if (!(error instanceof TunelabError)) throw error;
    assert.match(error.message, /^[^\n]+$/);
    return false;
  }
}

/**
 * Reads changed files until `is_done`.
 * @param {number} seed
 * @param {(rounds: number) => boolean} is_done
 */
export async function fuzz_checkpoints(seed, is_done) {
  const files = await Promise.all(
    SEEDS.map((form) => readFile(new URL(`${form}/pytorch_model.bin`, FORMS))),
  );
  return fuzz_reader({ files, telling: TELLING, check }, seed, is_done);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await run_fuzzer("checkpoints", fuzz_checkpoints);
