// Fuzzes the reader of torch.save's files: sound ones with bytes changed, cut, doubled or inserted give tensors that lie in
// the file, or one clear sentence. `node tests/fuzz/checkpoint_fuzz.js` goes on for FUZZ_SECONDS (default 10).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { TunelabError } from "../../web/lib/core/errors.js";
import { read_checkpoint } from "../../web/lib/torch/checkpoint/checkpoint_file.js";
import { file_of } from "../lib/forged_checkpoint.js";
import { changed, random_numbers } from "./changed_bytes.js";

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
 * @returns {Promise<{rounds: number, sound: number}>} how many of them were still sound
 */
export async function fuzz_checkpoints(seed, is_done) {
  const files = await Promise.all(
    SEEDS.map((form) => readFile(new URL(`${form}/pytorch_model.bin`, FORMS))),
  );
  const below = random_numbers(seed);
  let [rounds, sound] = [0, 0];
  for (; !is_done(rounds); rounds++) {
    const bytes = changed(files[below(files.length)], below, TELLING);
    try {
      if (await check(bytes)) sound++;
    } catch (error) {
      throw new Error(`seed ${seed}, round ${rounds}`, { cause: error });
    }
  }
  return { rounds, sound };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const end = performance.now() + 1000 * Number(process.env.FUZZ_SECONDS ?? 10);
  const seed = Math.floor(Math.random() * 2 ** 32);
  const { rounds, sound } = await fuzz_checkpoints(seed, () => performance.now() > end);
  console.log(`seed ${seed}: ${rounds} changed checkpoints, ${sound} of them sound`);
}
