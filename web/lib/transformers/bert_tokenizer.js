// BertTokenizer: the tokenizer.json that transformers builds from a vocabulary and
// tokenizer_config.json.
import { TunelabError } from "../core/errors.js";
import { gather_added_tokens, token_content } from "./special_tokens.js";

/** @typedef {import("./special_tokens.js").AddedToken} AddedToken */

/** BertTokenizer's own arguments and their defaults. */
export const BERT_DEFAULTS = {
  do_lower_case: true,
  tokenize_chinese_chars: true,
  strip_accents: null,
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};

/**
 * vocab.txt: one token a line, its line number the id; of equal tokens the last counts.
 * @param {Uint8Array} bytes
 * @returns {Record<string, number>}
 */
export function read_vocab(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new TunelabError(
      "the vocabulary is not UTF-8 text; expected one token a line",
      "TL_ERR_FORMAT",
      error,
    );
  }
  const lines = text.replace(/\n$/, "").split("\n");
  return Object.fromEntries(lines.map((line, id) => [line.replace(/\p{White_Space}+$/u, ""), id]));
}

/**
 * Ids as the tokenizers library gives them: a token of the vocabulary keeps its own, others follow.
 * @param {Record<string, number>} vocab
 * @param {AddedToken[]} tokens
 */
function assign_ids(vocab, tokens) {
  let last = Object.keys(vocab).length - 1;
  for (const token of tokens) {
    token.id = Object.hasOwn(vocab, token.content) ? vocab[token.content] : last + 1;
    last = Math.max(last, token.id);
  }
}

/** [CLS] A [SEP] and [CLS] A [SEP] B [SEP]. @param {AddedToken} cls @param {AddedToken} sep */
function template(cls, sep) {
  const special = (/** @type {AddedToken} */ { content }, type_id = 0) => ({
    SpecialToken: { id: content, type_id },
  });
  const single = [special(cls), { Sequence: { id: "A", type_id: 0 } }, special(sep)];
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, { Sequence: { id: "B", type_id: 1 } }, special(sep, 1)],
    special_tokens: Object.fromEntries(
      [cls, sep].map(({ id, content }) => [content, { id: content, ids: [id], tokens: [content] }]),
    ),
  };
}

/**
 * The tokenizer that transformers' BertTokenizer and DistilBertTokenizer make: from tokenizer.json they
 * take the vocabulary and the added tokens alone; all else is their arguments'.
 * @param {Record<string, number>} vocab
 * @param {Record<string, any>} config an effective config with BERT_DEFAULTS below it
 * @param {readonly AddedToken[]} stored the added tokens of tokenizer.json, if there is one
 * @param {Record<string, number>} legacy added_tokens.json
 * @returns {Record<string, any>} the fields of a tokenizer.json
 */
export function build_bert_tokenizer(vocab, config, stored, legacy) {
  const added_tokens = gather_added_tokens(config, stored, legacy);
  assign_ids(vocab, added_tokens);
  const by_name = (/** @type {string} */ name) => {
    const found = added_tokens.find((token) => token.content === token_content(config[name]));
    if (found) return found;
    throw new TunelabError(
      `tokenizer_config.json has no ${name}; expected a token's text`,
      "TL_ERR_FORMAT",
    );
  };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens,
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars,
      strip_accents: config.strip_accents,
      lowercase: config.do_lower_case,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: template(by_name("cls_token"), by_name("sep_token")),
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: by_name("unk_token").content,
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
