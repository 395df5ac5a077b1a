// A model folder's weights, from model.safetensors into the core's parameters, and what did not fit
// reported.
import { located, TunelabError } from "../core/errors.js";
import { read_bytes } from "../hub/file_source.js";
import { weight_feed } from "./weight_feed.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("../hub/file_source.js").FileSource} FileSource */
/** @typedef {import("../hub/file_source.js").OpenFile} OpenFile */
/**
 * @typedef {{tensor: number, name: string, dtype: string, begin: number, bytes: number, offset: number}}
 *   Read
 */
/** @typedef {{name: string, file: number[], model: number[]}} Mismatch */
/**
 * @typedef {{missing: string[], unexpected: string[], mismatched: Mismatch[], reads: Read[]}}
 *   MatchReport
 */

export const WEIGHTS_NAME = "model.safetensors";

/** Converted so much at a time; a multiple of every dtype's size. */
const PIECE = 1 << 20;

/** @param {FileSource} source */
async function require_weights(source) {
  if (await source.exists(WEIGHTS_NAME)) return;
  if (await source.exists(`${WEIGHTS_NAME}.index.json`))
    throw new TunelabError(
      `${source.location} holds its weights in several files; one ${WEIGHTS_NAME} is needed (save the model again with ` +
        'transformers\' save_pretrained and max_shard_size="10GB")',
      "TL_ERR_UNSUPPORTED",
    );
  const old = await source.exists("pytorch_model.bin");
  throw new TunelabError(
    old
      ? `${source.location} holds its weights as pytorch_model.bin only; ${WEIGHTS_NAME} is needed (save the model again with ` +
          "transformers' save_pretrained, which writes it)"
      : `${source.location} holds no ${WEIGHTS_NAME}; expected a Hugging Face model folder: config.json, ${WEIGHTS_NAME}, ` +
          "tokenizer.json (or vocab.txt)",
  );
}

/**
 * The file's header, checked by the core.
 * @param {Handle} model
 * @param {FileSource} source
 * @param {number} file_size
 */
async function open_header(model, source, file_size) {
  const { core } = model;
  const first8 = await read_bytes(source, WEIGHTS_NAME, { end: 8 });
  if (first8.length < 8)
    throw new TunelabError(
      `it is ${first8.length} bytes long; expected a safetensors file`,
      "TL_ERR_FORMAT",
    );
  const size = core.heap.frame((frame) => {
    const out = frame.alloc(8);
    core.run("tl_safetensors_header_size", core.context, frame.u8(first8), BigInt(file_size), out);
    return core.heap.i32_at(out, 1)[0]; // at most 100 MB
  });
  const prefix = await read_bytes(source, WEIGHTS_NAME, { end: 8 + size });
  return core.heap.frame((frame) =>
    core.create(
      "tl_safetensors_open",
      [frame.u8(prefix), prefix.length, BigInt(file_size)],
      [],
      "tl_safetensors_free",
    ),
  );
}

/**
 * @param {Handle} model
 * @param {Handle} header
 * @param {number} mode a tl_match_mode
 * @returns {MatchReport}
 */
function match(model, header, mode) {
  const { core, pointer } = model;
  core.run("tl_model_match", pointer, header.pointer, mode);
  return JSON.parse(core.heap.text(core.call("tl_model_match_report", pointer) >>> 0));
}

/**
 * Brings the matched tensors, in the file's order, into the model: float32 straight to their place, other types
 * in pieces through the core's conversion.
 * @param {Handle} model
 * @param {Handle} header
 * @param {readonly Read[]} reads
 * @param {OpenFile} file
 */
async function load_tensors(model, header, reads, file) {
  if (reads.length === 0) return;
  const { core } = model;
  const last = reads[reads.length - 1];
  const feed = weight_feed(core.heap, file, reads[0].begin, last.begin + last.bytes);
  const converted = reads.some(({ dtype }) => dtype !== "F32");
  const buffer = converted ? core.heap.alloc(PIECE) : 0;
  try {
    for (const { tensor, dtype, begin, bytes, offset } of reads) {
      if (dtype === "F32") {
        const weights = core.call("tl_model_weights", model.pointer) >>> 0;
        await feed.fill(weights + 4 * offset, begin, bytes);
        continue;
      }
      for (let at = 0; at < bytes; at += PIECE) {
        const n = Math.min(PIECE, bytes - at);
        await feed.fill(buffer, begin + at, n);
        const piece = [tensor, BigInt(at), buffer, n];
        core.run("tl_model_load", model.pointer, header.pointer, ...piece);
      }
    }
  } finally {
    core.heap.free(buffer);
    await feed.close();
  }
}

/**
 * Loads model.safetensors of `source`. Spans that the file lacks keep their values; the report
 * names them.
 * @param {Handle} model a tl_model
 * @param {FileSource} source
 * @param {{ignore_mismatched_sizes?: boolean}} options
 * @returns {Promise<MatchReport>}
 */
export async function load_weights(model, source, { ignore_mismatched_sizes = false }) {
  await require_weights(source);
  const { match_mode } = model.core.constants;
  const mode = ignore_mismatched_sizes
    ? match_mode.TL_MATCH_REINIT_HEAD
    : match_mode.TL_MATCH_STRICT;
  const file = await source.open(WEIGHTS_NAME);
  try {
    const header = await open_header(model, source, file.size);
    const report = match(model, header, mode);
    await load_tensors(model, header, report.reads, file);
    header.free();
    return report;
  } catch (error) {
    throw located(error, `${source.location}/${WEIGHTS_NAME}`);
  } finally {
    await file.close();
  }
}
