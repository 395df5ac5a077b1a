// SentencePiece's model files (spiece.model, sentencepiece.bpe.model): the pieces and the character map of
// the protobuf message ModelProto, and nothing else of it.
import { TunelabError } from "../core/errors.js";

/**
 * @typedef {object} SentencePieceModel
 * @property {[string, number][]} vocab the pieces and their scores, in the order of their ids
 * @property {{content: string, normalized: boolean, special: boolean}[]} added control pieces
 *   (special) and those that the model's user defined
 * @property {string | undefined} charsmap precompiled_charsmap in base64
 */

/** Kinds of a field's value on the wire. */
const VARINT = 0;
const EIGHT_BYTES = 1;
const SIZED = 2;
const FOUR_BYTES = 5;

/** Field numbers of sentencepiece_model.proto. */
const MODEL = { pieces: 1, trainer_spec: 2, normalizer_spec: 3 };
const PIECE = { piece: 1, score: 2, type: 3 };
const TRAINER = { model_type: 3 };
const NORMALIZER = { precompiled_charsmap: 2 };

/** Values of a piece's type, and of the trainer's model_type. */
const CONTROL = 3;
const USER_DEFINED = 4;
const UNIGRAM = 1;

const damaged = () =>
  new TunelabError("it is damaged; expected a SentencePiece model", "TL_ERR_FORMAT");

/**
 * An unsigned number in groups of seven bits, low ones first, and where it ends.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[number, number]}
 */
function varint(bytes, at) {
  let value = 0;
  for (let shift = 0; shift < 64; shift += 7) {
    if (at >= bytes.length) throw damaged();
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
  throw damaged();
}

/**
 * The fields of a message, one after the other: its number, and its bytes (or number).
 * @param {Uint8Array} bytes
 * @returns {Generator<[number, Uint8Array | number]>}
 */
function* fields(bytes) {
  let at = 0;
  while (at < bytes.length) {
    let tag, value;
    [tag, at] = varint(bytes, at);
    const kind = tag % 8;
    let size = kind === EIGHT_BYTES ? 8 : 4;
    if (kind === VARINT) {
      [value, at] = varint(bytes, at);
      yield [Math.floor(tag / 8), value];
      continue;
    }
    if (kind === SIZED) [size, at] = varint(bytes, at);
    else if (kind !== EIGHT_BYTES && kind !== FOUR_BYTES) throw damaged();
    if (size > bytes.length - at) throw damaged();
    yield [Math.floor(tag / 8), bytes.subarray(at, at + size)];
    at += size;
  }
}

/** @param {Uint8Array | number} value */
const sized = (value) => {
  if (typeof value === "number") throw damaged();
  return value;
};

/**
 * @param {Uint8Array} bytes
 * @returns {{piece: string, score: number, type: number}}
 */
function read_piece(bytes) {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const found = { piece: "", score: 0, type: 1 };
  for (const [number, value] of fields(bytes)) {
    if (number === PIECE.piece) found.piece = utf8.decode(sized(value));
    if (number === PIECE.type) found.type = Number(value);
    if (number === PIECE.score) {
      const { buffer, byteOffset, byteLength } = sized(value);
      if (byteLength !== 4) throw damaged();
      found.score = new DataView(buffer, byteOffset).getFloat32(0, true);
    }
  }
  return found;
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  const part = 0x8000; // String.fromCharCode takes so many arguments everywhere
  let text = "";
  for (let at = 0; at < bytes.length; at += part)
    text += String.fromCharCode(...bytes.subarray(at, at + part));
  return btoa(text);
}

/**
 * The last value of a field of a message within a message.
 * @param {Uint8Array} bytes
 * @param {number} wanted
 */
function last(bytes, wanted) {
  let found;
  for (const [number, value] of fields(bytes)) if (number === wanted) found = value;
  return found;
}

/**
 * @param {Uint8Array} bytes
 * @returns {SentencePieceModel}
 * @throws {TunelabError} TL_ERR_FORMAT for bytes that are no such file, TL_ERR_UNSUPPORTED for a model that
 *   is not of the kind unigram
 */
export function read_sentencepiece(bytes) {
  const pieces = [];
  let charsmap;
  let model_type = UNIGRAM;
  try {
    for (const [number, value] of fields(bytes)) {
      if (number === MODEL.pieces) pieces.push(read_piece(sized(value)));
      if (number === MODEL.trainer_spec)
        model_type = Number(last(sized(value), TRAINER.model_type) ?? UNIGRAM);
      if (number === MODEL.normalizer_spec)
        charsmap = last(sized(value), NORMALIZER.precompiled_charsmap);
    }
  } catch (error) {
    if (error instanceof TunelabError) throw error;
    throw damaged(); // a piece that is no text
  }
  if (pieces.length === 0) throw damaged();
  if (model_type !== UNIGRAM)
    throw new TunelabError(
      "it is a SentencePiece model of another kind; only unigram is supported",
      "TL_ERR_UNSUPPORTED",
    );
  const map = charsmap === undefined ? new Uint8Array() : sized(charsmap);
  return {
    vocab: pieces.map(({ piece, score }) => [piece, score]),
    added: pieces
      .filter(({ type }) => type === CONTROL || type === USER_DEFINED)
      .map(({ piece, type }) => ({ content: piece, normalized: false, special: type === CONTROL })),
    charsmap: map.length > 0 ? base64(map) : undefined,
  };
}
