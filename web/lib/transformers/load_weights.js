// A model folder's weights, streamed from model.safetensors into the core in pieces, and what did
// not fit reported.
import { located, TunelabError } from "../core/errors.js";
import { read_bytes } from "../hub/file_source.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("../hub/file_source.js").FileSource} FileSource */
/** @typedef {{tensor: number, name: string, dtype: string, begin: number, bytes: number}} Read */
/** @typedef {{name: string, file: number[], model: number[]}} Mismatch */
/**
 * @typedef {{missing: string[], unexpected: string[], mismatched: Mismatch[], reads: Read[]}}
 *   MatchReport
 */

export const WEIGHTS_NAME = "model.safetensors";

/** Handed to the core so much at a time; a multiple of every dtype's size. */
const PIECE = 1 << 20;

/** Bytes of any stream in pieces of exactly the size that is asked for. */
class ExactReader {
  /** @param {AsyncGenerator<Uint8Array>} stream */
  constructor(stream) {
    this._stream = stream;
    /** @type {Uint8Array} */
    this._left = new Uint8Array();
  }

  /** @param {number} count */
  async take(count) {
    if (this._left.length === 0) await this._fill();
    if (this._left.length >= count) return this._cut(count);
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count;) {
      if (this._left.length === 0) await this._fill();
      const part = this._cut(Math.min(count - at, this._left.length));
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** @param {number} count */
  async skip(count) {
    for (let left = count; left > 0; left -= Math.min(left, PIECE))
      await this.take(Math.min(left, PIECE));
  }

  /** @param {number} count */
  _cut(count) {
    const cut = this._left.subarray(0, count);
    this._left = this._left.subarray(count);
    return cut;
  }

  async _fill() {
    const { value, done } = await this._stream.next();
    if (done) throw new TunelabError(`${WEIGHTS_NAME} ended early`, "TL_ERR_FORMAT");
    this._left = value;
  }
}

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
 * Streams the matched tensors, in the file's order, into the model.
 * @param {Handle} model
 * @param {Handle} header
 * @param {readonly Read[]} reads
 * @param {(begin: number, end: number) => AsyncGenerator<Uint8Array>} stream
 */
async function load_tensors(model, header, reads, stream) {
  if (reads.length === 0) return;
  const { core } = model;
  const last = reads[reads.length - 1];
  let position = reads[0].begin;
  const reader = new ExactReader(stream(position, last.begin + last.bytes));
  const buffer = core.heap.alloc(PIECE);
  try {
    for (const { tensor, begin, bytes } of reads) {
      await reader.skip(begin - position);
      for (let at = 0; at < bytes; at += PIECE) {
        const piece = await reader.take(Math.min(PIECE, bytes - at));
        core.heap.u8.set(piece, buffer);
        core.run(
          "tl_model_load",
          model.pointer,
          header.pointer,
          tensor,
          BigInt(at),
          buffer,
          piece.length,
        );
      }
      position = begin + bytes;
    }
  } finally {
    core.heap.free(buffer);
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
    await load_tensors(model, header, report.reads, file.stream);
    header.free();
    return report;
  } catch (error) {
    throw located(error, `${source.location}/${WEIGHTS_NAME}`);
  } finally {
    await file.close();
  }
}
